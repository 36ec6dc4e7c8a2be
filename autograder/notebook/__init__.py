"""The functions that the course's notebooks import: ``from autograder import notebook as course``.

Students write plain classes in plain cells. ``run`` runs them in the NVFlare simulator and shows what happened,
``check`` judges an exercise, ``progress`` lists all exercises with the points so far and your attempts, ``fault`` makes
the network of a run unkind, ``raw_log`` prints a site's whole log, ``export_script`` writes a plain NVFlare script.
"""

from collections.abc import Sequence
from pathlib import Path

from autograder.notebook.checking import checked, progress_of
from autograder.notebook.running import print_log, run_classes
from autograder.notebook.session import SESSION, show, show_errors
from autograder.simulator.network.faults import Fault, FaultKind

__all__ = ["check", "export_script", "fault", "progress", "raw_log", "run"]

SESSION.watch()
SESSION.prepare()


@show_errors(otherwise=None)
def run(
    executor_class: type | None = None,
    controller_class: type | None = None,
    *,
    barrier: bool = True,
    faults: Sequence[Fault] | str | None = None,
    seed: int | None = None,
) -> None:
    """Run your classes in the simulator, with the sites of the exercise, and show what happened.

    Args:
        executor_class: the class that the sites run; by default the executor that was defined last.
        controller_class: the class that the server runs; by default the one that the notebook gives.
        barrier: whether the server waits until all sites are ready before your controller starts.
        faults: of the network, such as ``[course.fault("drop", nths=(1, 2))]``; or the name of a run
            of a check, such as ``"deliver"``, which is played as it was with this seed.
        seed: from which faults are drawn; by default a new one.
    """
    run_classes(SESSION, executor_class, controller_class, barrier=barrier, faults=faults, seed=seed)


def fault(
    kind: str,
    *,
    sender: str = "",
    receiver: str = "",
    nths: Sequence[int] = (),
    seconds: float = 0.0,
    rate: float = 1.0,
) -> Fault:
    """Return a fault of the network for ``run``. What is not named stands for any.

    Args:
        kind: ``drop``, ``lose_reply``, ``delay``, ``duplicate``, ``cut``, ``late_start`` or ``handler_error``.
        nths: which messages of a link are hit, counted from 1.
        seconds: of a delay.
        rate: how likely each of these messages is hit, from 0 to 1.

    Raises:
        ValueError: when there is no such fault, or it makes no sense; the message says what there is.
    """
    kinds = [str(one) for one in FaultKind if one not in (FaultKind.DIE, FaultKind.HOLD)]
    if kind not in kinds:
        raise ValueError(f"there is no fault {kind!r}; there are: {', '.join(kinds)}")
    return Fault(FaultKind(kind), sender, receiver, nths=tuple(nths), seconds=seconds, rate=rate)


@show_errors(otherwise=0.0)
def check(name: str) -> float:
    """Check an exercise: show each of its checks with points, what was expected, what was seen and a hint.

    Args:
        name: the exercise, such as ``execute``.

    Returns:
        The points, which nbgrader reads.
    """
    return checked(SESSION, name)


@show_errors(otherwise=None)
def progress() -> None:
    """Show all exercises of the notebook with your points so far, and your attempts.

    Of each attempt it shows the time, the points, and which checks did not pass. Attempts are kept in a file beside the
    notebook, ``<assignment>-attempts.jsonl``, which you may delete.
    """
    show(progress_of(SESSION))


@show_errors(otherwise=None)
def raw_log(site: str) -> None:
    """Print the whole log of a site (or ``server``) in the last ``run``.

    Args:
        site: its name.
    """
    print_log(SESSION, site)


@show_errors(otherwise=None)
def export_script(path: str | Path, executor_class: type | None = None, controller_class: type | None = None) -> None:
    """Write your classes as a plain script with a job of the same sites, to run with ``python`` wherever NVFlare is.

    Args:
        path: such as ``p2p_job.py``. A file that this function did not write is never overwritten.
        executor_class: the class that the sites run; by default the executor that was defined last.
        controller_class: the class that the server runs; by default the controller that was defined last.
    """
    from autograder.notebook.exporting import export

    export(SESSION, Path(path), executor_class, controller_class)
