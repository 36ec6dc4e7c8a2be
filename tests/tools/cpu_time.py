"""How work grows with its input, in CPU time: a busy machine makes it take longer, but no different shape."""

import contextlib
import time
from collections.abc import Callable

import psutil

_TIMES_AS_LARGE = 8
_TIMES_AS_LONG = 24
"""Work that grows like its input takes 8 times as long, like its square 64 times; what lies between is for noise."""
_TOO_SHORT = 0.02
"""Seconds below which nothing is measured but the clock."""


def grows_like_its_input(work: Callable[[int], object], size: int) -> bool:
    """Tell whether work on input of 8 times the size takes hardly more than 8 times the CPU time.

    Args:
        work: does it, on input of a size. What it does before to make the input counts as well.
        size: the smaller one.
    """
    short = min(_seconds(work, size) for _ in range(3))
    return _seconds(work, size * _TIMES_AS_LARGE) < _TIMES_AS_LONG * max(short, _TOO_SHORT)


def seconds_so_far() -> float:
    """Return the CPU time of this process and of all that it has started, whether they have ended or go on."""
    used = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            used += sum(process.cpu_times()[:4])  # its own and that of its ended children, in user and in system mode
    return used


def _seconds(work: Callable[[int], object], size: int) -> float:
    begin = time.process_time()
    work(size)
    return time.process_time() - begin
