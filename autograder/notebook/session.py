"""The memory of a notebook's kernel, and how calls from its cells begin and end."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from IPython import get_ipython
from IPython.display import display

from autograder.atomic_file import in_words
from autograder.grading.self_check import Known
from autograder.notebook.attempts import Attempt, newest
from autograder.notebook.attempts_file import AttemptsFile
from autograder.notebook.history import History
from autograder.notebook.live import Live
from autograder.notebook.show import notice, say
from autograder.notebook.user_errors import (
    KEPT,
    NO_NOTEBOOK,
    NOT_HERE,
    NOT_KEPT,
    STOPPED,
    UNREADABLE,
    NotReady,
    Stopped,
)
from autograder.rubric.model import Assignment
from autograder.simulator.processes.unsandboxed import StandbySupervisor
from autograder.submission.model import Cell

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Session:
    """A kernel, or an IPython terminal.

    Attributes:
        raw_logs: the raw log of each party in the last run.
        known: what checks have found so far.
        standby: what the next run begins with.
    """

    def __init__(self) -> None:
        self.standby = StandbySupervisor()
        self.raw_logs: dict[str, str] = {}
        self.known: Known = {}
        self._history = History()
        self._folder = Path.cwd()  # the notebook's, as long as none of its cells goes elsewhere
        self._not_kept: dict[str, list[Attempt]] = {}
        self._why_not_kept = ""

    def watch(self) -> None:
        """Begin to take down the cells of the IPython shell that this runs in, if it does."""
        self._history.watch(_shell())

    def prepare(self) -> None:
        """Let NVFlare be imported for the first run, in a process of its own, while the student reads and writes."""
        if _shell() is not None:
            self.standby.fill()

    @property
    def cells(self) -> list[Cell]:
        """Return the cells that ran, each in its newest version.

        Raises:
            NotReady: outside of IPython.
        """
        self.watch()
        self.require_notebook()
        return self._history.cells()

    def require_notebook(self) -> None:
        """See that this runs in IPython.

        Raises:
            NotReady: when it does not.
        """
        if _shell() is None:
            raise NotReady(NO_NOTEBOOK)

    @property
    def namespace(self) -> dict[str, Any]:
        """Return the variables of the notebook."""
        namespace: dict[str, Any] = _shell().user_ns
        return namespace

    def remember(self, attempt: Attempt, assignment: Assignment) -> None:
        """Keep an attempt at an exercise in the file beside the notebook; while that cannot be written, in here."""
        waiting = newest([*self._not_kept.get(assignment.name, ()), attempt])
        try:
            self._file(assignment).add(waiting)
        except OSError as error:
            self._not_kept[assignment.name] = waiting
            self._why_not_kept = in_words(error)
        else:
            self._not_kept.pop(assignment.name, None)

    def attempts(self, assignment: Assignment) -> tuple[list[Attempt], str]:
        """Return all attempts at an assignment, the oldest first, and a sentence on where they are kept."""
        file, waiting = self._file(assignment), self._not_kept.get(assignment.name, [])
        try:
            kept = file.read()
        except OSError as error:
            return waiting, UNREADABLE.format(in_words(error))
        where = NOT_KEPT.format(self._why_not_kept) if waiting else KEPT.format(file.path.name)
        return newest([*kept, *waiting]), where

    def _file(self, assignment: Assignment) -> AttemptsFile:
        names = [exercise.name for exercise in assignment.exercises]
        return AttemptsFile(self._folder, assignment.name, names)

    def live(self) -> Live:
        """Return an output of the running cell that tells how things go on."""
        return Live(in_kernel(), quiet=validating())


SESSION = Session()
"""The session of this process: a kernel has one notebook."""


def _shell() -> Any:
    return get_ipython()


def in_kernel() -> bool:
    """Return whether this runs in a Jupyter kernel, where outputs can be updated and show HTML."""
    return hasattr(_shell(), "kernel")


def validating() -> bool:
    """Return whether nbgrader's Validate runs the notebook; it looks at errors and numbers only."""
    return os.environ.get("NBGRADER_VALIDATING") == "1"


def show(shown: object) -> None:
    """Display something in the running cell; outside of a kernel, print it."""
    if in_kernel():
        display(shown)  # type: ignore[no-untyped-call]
    else:
        say(shown)


def show_errors(otherwise: _T) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Make a function of the notebook show its error messages without a traceback, and return ``otherwise``.

    What the machine refuses, such as to write to a full disk, is such a message too. Under Validate a message ends the
    cell, since nothing else of it would be shown. An interrupt always does, so that "run all cells" stops there.
    """

    def decorate(function: Callable[_P, _T]) -> Callable[_P, _T]:
        @functools.wraps(function)
        def called(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            try:
                return function(*args, **kwargs)
            except KeyboardInterrupt:
                raise Stopped(STOPPED) from None
            except (NotReady, OSError) as error:
                message = error if isinstance(error, NotReady) else NotReady(NOT_HERE.format(error))
                if validating():
                    raise message from None
                show(notice(str(message)))
                return otherwise

        return called

    return decorate
