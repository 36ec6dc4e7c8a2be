"""The processes that a test has started, and none of those that earlier tests have left running, such as a browser."""

import contextlib
import time
from collections.abc import Callable

import psutil

from tests.simulator.parts import LASTING
from tests.tools.course_folder import PATIENCE

Started = Callable[[], set[int]]


def started_from_now_on(process: psutil.Process | None = None) -> Started:
    """Return a function that tells which processes this one, or another, has started since, and which those have.

    A browser of tests before starts processes of its own at any time: what was there before is left out with all of it.
    """
    parent = process or psutil.Process()
    before = set(parent.children())
    return lambda: set().union(*(_tree(child) for child in parent.children() if child not in before))


def _tree(process: psutil.Process) -> set[int]:
    """Return the process and all that it has started, and none if it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return {process.pid, *(each.pid for each in process.children(recursive=True))}
    return set()


def left_over(started: Started) -> list[str]:
    """Wait until nothing is left, and return what does not end."""
    deadline = time.monotonic() + PATIENCE
    while (left := _there(started())) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def _there(started: set[int]) -> list[str]:
    every = [(process.pid, process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    return [" ".join(command) for pid, command in every if command and (pid in started or LASTING in command)]
