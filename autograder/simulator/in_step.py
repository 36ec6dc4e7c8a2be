"""Handlers in step: whatever two threads can spoil is spoiled in every run, and not once in a thousand.

Left to themselves, two handlers that look whether an item is there and then add it rarely get in each other's way. In
step, each waits before every line of the notebook's code until the others have come as far, and within a line before
all that can change what they share. One that does not come, since a lock keeps it, is no longer waited for until it
goes on, so a lock keeps them apart here too. It has a moment for that before every further line: whoever lets a lock go
too early does not outrun those who waited for it.
"""

import contextlib
import dis
import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any

from autograder.simulator.guard import Guard

_MOST = 1000
"""Steps after which a thread runs on as it likes: a handler is short, and a loop in one has to come to its end."""
_MOST_MOMENTS = 300
"""Lines of all threads before which those that a lock keeps are given a moment: a loop under a lock comes to an end."""
_CHANGES = frozenset(
    number
    for name, number in dis.opmap.items()
    if name.startswith("CALL") or (name.partition("_")[0] in ("STORE", "DELETE") and not name.endswith("_FAST"))
)
"""What of a line can change something that threads share. A look such as ``in`` changes nothing, so it goes before."""
WITHIN_LINES = sys.version_info < (3, 12)
"""Whether threads wait for each other within a line too. CPython 3.12.1 crashes where several of them trace opcodes,
and 3.13.0 does not call the first trace function that asks for them."""
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
        self._reached: dict[int, int] = {}
        self._held: set[int] = set()
        self._sleeps: dict[int, _Sleeps] = {}
        self._waiting: set[int] = set()
        self._moments = 0
        self._steps = 0

    def join(self) -> None:
        """Let this thread be waited for. All have to join before the first one runs."""
        with self._moved:
            self._reached[threading.get_ident()] = 0
            self._sleeps[threading.get_ident()] = _Sleeps()

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
                self._reached.pop(threading.get_ident(), None)
                self._steps += 1
                self._held.discard(threading.get_ident())
                self._sleeps.pop(threading.get_ident()).stop()
                self._moved.notify_all()

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_globals.get("__name__") != _MAIN:
            return None
        frame.f_trace_opcodes = WITHIN_LINES
        return self._step

    def _step(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line" or (event == "opcode" and frame.f_code.co_code[frame.f_lasti] in _CHANGES):
            self._guard.do(partial(self._wait, at_a_line=event == "line"), None)
        return self._step

    def _wait(self, *, at_a_line: bool) -> None:
        me = threading.get_ident()
        if self._reached[me] >= _MOST:
            return
        with self._moved:
            self._reached[me] += 1
            self._steps += 1
            self._held.discard(me)
            self._moved.notify_all()
            self._waiting.add(me)
            if at_a_line and self._held:
                self._wait_for_one_that_is_held()
            self._wait_for_those_behind(me)
            self._waiting.discard(me)

    def _wait_for_one_that_is_held(self) -> None:
        """Wait a moment, and on a busy machine longer: as long as one of them has only not had its turn yet."""
        before = len(self._held)
        while self._moments < _MOST_MOMENTS:
            self._moments += 1
            asleep = self._asleep()
            if self._moved.wait_for(lambda: len(self._held) < before, self._moment()):
                return
            if all(asleep) and self._asleep() == asleep:
                return

    def _asleep(self) -> list[str]:
        """Return how often each of those has gone to sleep that a lock keeps, or nothing where one is awake."""
        return [self._sleeps[thread].count() for thread in sorted(self._held - self._waiting)]

    def _wait_for_those_behind(self, me: int) -> None:
        """Wait as long as they get on, each in its time."""
        while behind := self._behind(me):
            if not self._moved.wait_for(partial(self._has_gone_on_since, self._steps), self._patience()):
                self._held |= behind
                return

    def _has_gone_on_since(self, steps: int) -> bool:
        return self._steps > steps

    def _behind(self, me: int) -> set[int]:
        mine = self._reached[me]
        return {other for other, steps in self._reached.items() if steps < mine} - self._held


class _Sleeps:
    """The sleeps of the thread that makes it, as the system counts them.

    Opens nothing later, while a student's code runs.
    """

    def __init__(self) -> None:
        try:
            self._fd = os.open(f"/proc/self/task/{threading.get_native_id()}/status", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._fd = -1

    def count(self) -> str:
        """Return how often it went to sleep, as text; ``?`` where nobody tells, nothing while it is awake."""
        try:
            told = os.pread(self._fd, 8192, 0).decode()
        except OSError:
            return "?"
        return "" if "State:\tR" in told else told.partition("\nvoluntary_ctxt_switches:")[2]

    def stop(self) -> None:
        """Close what was open."""
        if self._fd >= 0:
            os.close(self._fd)


def _trace_with(function: Any) -> None:
    with _installing:
        sys.settrace(function)
