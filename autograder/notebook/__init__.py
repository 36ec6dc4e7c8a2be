"""The functions that the course's notebooks import: ``from autograder import notebook as course``.

Students write plain classes in plain cells. ``run`` runs them in the NVFlare simulator and shows what happened,
``check`` judges an exercise, ``raw_log`` prints a site's whole log, ``export_script`` writes a plain NVFlare script.
"""

from pathlib import Path

from autograder.notebook.checking import checked
from autograder.notebook.running import print_log, run_classes
from autograder.notebook.session import SESSION, kindly

__all__ = ["check", "export_script", "raw_log", "run"]

SESSION.watch()


@kindly(otherwise=None)
def run(executor_class: type | None = None, controller_class: type | None = None, *, barrier: bool = True) -> None:
    """Run your classes in the simulator, with the sites of the exercise, and show what happened.

    Args:
        executor_class: the class that the sites run; by default the executor that was defined last.
        controller_class: the class that the server runs; by default the one that the notebook gives.
        barrier: whether the server waits until all sites are ready before your controller starts.
    """
    run_classes(SESSION, executor_class, controller_class, barrier=barrier)


@kindly(otherwise=0.0)
def check(name: str) -> float:
    """Check an exercise: show each of its checks with points, what was expected, what was seen and a hint.

    Args:
        name: the exercise, such as ``execute``.

    Returns:
        The points, which nbgrader reads.
    """
    return checked(SESSION, name)


@kindly(otherwise=None)
def raw_log(site: str) -> None:
    """Print the whole log of a site (or ``server``) in the last ``run``.

    Args:
        site: its name.
    """
    print_log(SESSION, site)


@kindly(otherwise=None)
def export_script(path: str | Path, executor_class: type | None = None, controller_class: type | None = None) -> None:
    """Write your classes as a plain script with a job of the same sites, to run with ``python`` wherever NVFlare is.

    Args:
        path: such as ``p2p_job.py``. A file that this function did not write is never overwritten.
        executor_class: the class that the sites run; by default the executor that was defined last.
        controller_class: the class that the server runs; by default the controller that was defined last.
    """
    from autograder.notebook.exporting import export

    export(SESSION, Path(path), executor_class, controller_class)
