"""Handlers in step: whatever two threads can spoil is spoiled in every run, and not once in a thousand.

Left to themselves, two handlers that look whether an item is there and then add it rarely get in each other's way. In
step, each waits before every line of the notebook's code until the others have come as far. One that does not come,
since a lock keeps it, is no longer waited for until it goes on, so a lock keeps them apart here too. It has a moment
for that before every further line: whoever lets a lock go too early does not outrun those who waited for it.
"""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any

from autograder.simulator.guard import Guard

_MOST = 300
"""Lines after which a thread runs on as it likes: a handler is short, and a loop in one has to come to its end."""
_MOST_MOMENTS = 300
"""Lines of all threads before which those that a lock keeps are given a moment: a loop under a lock comes to an end."""
_MAIN = "__main__"
"""The module as which a notebook is run."""

_installing = threading.Lock()
"""CPython 3.11 raises in a thread that installs a trace function while another one does, and an audit hook in Python,
which hears of that, lets other threads go on meanwhile."""


class InStep:
    """Threads that run a notebook's code line by line, all of them the first line, then all of them the next.

    Args:
        patience: returns the seconds for which a thread waits for another one to come as far.
        moment: returns the seconds that one needs at most to go on when the lock that kept it is free.
        guard: takes what is done before a line; what is raised there would be raised by the line.
    """

    def __init__(self, patience: Callable[[], float], moment: Callable[[], float], guard: Guard) -> None:
        self._guard = guard
        self._patience = patience
        self._moment = moment
        self._moved = threading.Condition()
        self._lines: dict[int, int] = {}
        self._held: set[int] = set()
        self._moments = 0
        self._steps = 0

    def join(self) -> None:
        """Let this thread be waited for. All have to join before the first one runs."""
        with self._moved:
            self._lines[threading.get_ident()] = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run this thread, which has joined, in step with the others; it is not waited for any more afterwards."""
        before = sys.gettrace()
        _trace_with(self._enter)
        try:
            yield
        finally:
            _trace_with(before)
            with self._moved:
                self._lines.pop(threading.get_ident(), None)
                self._steps += 1
                self._held.discard(threading.get_ident())
                self._moved.notify_all()

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._line if frame.f_globals.get("__name__") == _MAIN else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self._guard.do(self._wait, None)
        return self._line

    def _wait(self) -> None:
        me = threading.get_ident()
        if self._lines[me] >= _MOST:
            return
        with self._moved:
            self._lines[me] += 1
            self._steps += 1
            self._held.discard(me)
            self._moved.notify_all()
            if self._held and self._moments < _MOST_MOMENTS:
                self._moments += 1
                before = len(self._held)
                self._moved.wait_for(lambda: len(self._held) < before, self._moment())
            self._wait_for_those_behind(me)

    def _wait_for_those_behind(self, me: int) -> None:
        """Wait as long as they get on, each in its time."""
        while behind := self._behind(me):
            if not self._moved.wait_for(partial(self._has_gone_on_since, self._steps), self._patience()):
                self._held |= behind
                return

    def _has_gone_on_since(self, steps: int) -> bool:
        return self._steps > steps

    def _behind(self, me: int) -> set[int]:
        mine = self._lines[me]
        return {other for other, lines in self._lines.items() if lines < mine} - self._held


def _trace_with(function: Any) -> None:
    with _installing:
        sys.settrace(function)
