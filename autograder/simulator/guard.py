"""Guards the course's own parts around a student's code: what they raise is told, and nobody else's trouble.

NVFlare takes an exception in a wrapper of the course's for one of the handler that it wraps, and answers with that.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import TypeVar

from autograder.simulator.journal import Journal

COURSE_FAILED = "course failed"
"""The kind of the entry that tells of it."""

_Result = TypeVar("_Result")


class Guard:
    """Does the course's own parts of what a student's code goes through, in one process.

    Args:
        journal: is told of the first part that fails; nobody is when None.
    """

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal
        self._has_told = False

    def do(self, part: Callable[[], _Result], otherwise: _Result) -> _Result:
        """Return what a part returns, or ``otherwise`` if it raises."""
        try:
            return part()
        except (MemoryError, RecursionError):
            return otherwise  # that says how much is left to the code around it, and nothing of the part
        except Exception as error:
            self._tell(error)
            return otherwise

    @contextlib.contextmanager
    def around(self, *parts: Callable[[], AbstractContextManager[None]]) -> Iterator[None]:
        """Enter what these parts return, as far as it can be entered, and leave it afterwards.

        What is raised in between is none of the course's, and passes.
        """
        entered = ExitStack()
        for part in parts:
            self.do(partial(_enter, entered, part), None)
        try:
            yield
        finally:
            self.do(entered.close, None)

    def _tell(self, error: Exception) -> None:
        if self._journal and not self._has_told:
            self._has_told = True
            with contextlib.suppress(Exception):  # a journal that cannot be written is not the handler's trouble either
                self._journal.write(COURSE_FAILED, error=f"{type(error).__name__}: {error}"[:500])


def _enter(entered: ExitStack, part: Callable[[], AbstractContextManager[None]]) -> None:
    entered.enter_context(part())
