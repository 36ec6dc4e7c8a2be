"""The surroundings of a notebook's cells, made harmless: IPython's shell, displays, the course's helpers.

In a run nobody looks at what cells show, and checks and simulators within a simulator would never end. Everything that
defines something does what it does in a kernel.
"""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Protocol

import autograder
from autograder.simulator import own_modules
from autograder.simulator.parties.kernel_names import GIVEN, nothing

_HELPERS = f"{autograder.__name__}.notebook"
_STARTS_A_SIMULATOR = ("simulator_run",)


_ASKS_FOR_A_SHELL = re.compile(r"get_ipython|IPython|\b(?:In|Out)\b[\[.]|\b_(?:\d+|i+\d*|ih|oh|dh)\b")


class Surroundings(Protocol):
    """Knows which cell runs, and what it shows."""

    def begin_cell(self, source: str) -> None:
        """Take down a cell that is about to run."""

    def end_cell(self) -> None:
        """Do what is due at the end of a cell, however it ended."""

    def show(self, value: Any) -> None:
        """Take a value that is displayed. It is ``_`` from then on."""


def surroundings_of(module: ModuleType, source: str) -> Surroundings:
    """Return what is around the cells of a notebook: IPython's own shell, if a cell asks for anything of it.

    Args:
        module: has the notebook's variables.
        source: all cells.
    """
    if not _ASKS_FOR_A_SHELL.search(source):
        return _Plain(module.__dict__)
    from autograder.simulator.parties.shell import Shell

    return Shell.among(module)


class _Plain:
    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._last: Any = ""
        namespace.update(GIVEN, get_ipython=lambda: nothing, In=[""], Out={})

    def begin_cell(self, source: str) -> None:
        """Do nothing: nobody asks which cells there were."""

    def end_cell(self) -> None:
        """Do nothing: nobody waits for the end of a cell."""

    def show(self, value: Any) -> None:
        """Let ``_`` be a value, unless the notebook has a ``_`` of its own."""
        if value is None:
            return
        if self._namespace.get("_", self._last) is self._last:
            self._namespace.update({"___": self._namespace.get("__"), "__": self._last, "_": value})
        self._last = value


class _Helpers(ModuleType):
    """Stands for ``autograder.notebook``: runs, checks and shows nothing."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return (lambda *_, **__: 0.0) if name == "check" else nothing


@contextlib.contextmanager
def harmless(source: str) -> Iterator[None]:
    """Replace the course's helpers with harmless ones while cells run, and for later imports.

    A job that is run by hand in a cell is left out as well; when the context ends, jobs can be run again.

    Args:
        source: all cells, which tell whether a job could be run at all.
    """
    own_modules.refuse_others()
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
