"""What a notebook's cells find around them in a kernel, made harmless: IPython's shell, displays, the course's helpers.

In a run nobody looks at what cells show, and checks and simulators within a simulator would never end. Everything that
defines something does what it does in a kernel.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import autograder

_HELPERS = f"{autograder.__name__}.notebook"
_STARTS_A_SIMULATOR = ("simulator_run",)


class Shell:
    """What ``get_ipython()`` returns to a cell.

    Args:
        namespace: the notebook's variables.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.user_ns = namespace

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> Any:
        """Run what ``%time`` and ``%run`` are given; other magics do nothing."""
        if name == "time" and line.strip():
            exec(compile(line.strip(), "<magic>", "exec"), self.user_ns)
        if name == "run" and line.strip():
            path = Path(line.split()[0])
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), self.user_ns)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Write the file of ``%%writefile``, below the folder in which the party works; others do nothing."""
        words = line.split()
        if name == "writefile" and words:
            with open(words[-1], "a" if "-a" in words[:-1] else "w", encoding="utf-8") as file:
                file.write(cell)

    def getoutput(self, *_: Any, **__: Any) -> list[str]:
        """No program is started, so there is no output."""
        return []

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Anything else that a shell can do is about what is shown."""
        return nothing


def nothing(*_: Any, **__: Any) -> None:
    """Do nothing, whatever is asked for."""


class _Helpers(ModuleType):
    """Stands for ``autograder.notebook``: runs, checks and shows nothing."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return (lambda *_, **__: 0.0) if name == "check" else nothing


@contextlib.contextmanager
def harmless(source: str) -> Iterator[None]:
    """While cells run, and for imports later on, put what is harmless in the place of the course's helpers.

    A job that is run by hand in a cell is left out as well; when the context ends, jobs can be run again.

    Args:
        source: all cells, which tell whether a job could be run at all.
    """
    sys.modules[_HELPERS] = _Helpers(_HELPERS)
    vars(autograder)["notebook"] = sys.modules[_HELPERS]
    if not any(name in source for name in _STARTS_A_SIMULATOR):
        yield
        return
    import nvflare.job_config.api as jobs  # some tenths of a second, and few notebooks need it

    original = jobs.FedJob.simulator_run
    jobs.FedJob.simulator_run = nothing
    try:
        yield
    finally:
        jobs.FedJob.simulator_run = original
