"""The own time of a thread, with a CPU or waiting: real time less the time for which all CPUs were busy.

A limit by the clock on the wall would end, on a busy machine, what an idle one runs in a part of it.
"""

import os
import time

_TOLD = "/proc/thread-self/schedstat"
"""Nanoseconds on a CPU, and nanoseconds of waiting for one."""


class OwnTime:
    """A clock of the thread that makes it, from now on. Where the system does not tell of waiting, it is a real one."""

    def __init__(self) -> None:
        try:
            self._fd = os.open(_TOLD, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._fd = -1
        self._started = 0.0
        self._started = self.seconds()

    def seconds(self) -> float:
        """Return the seconds since the start. Opens nothing, so it can be asked while a student's code runs."""
        return time.monotonic() - self._waited() - self._started

    def _waited(self) -> float:
        try:
            return int(os.pread(self._fd, 100, 0).split()[1]) / 1e9
        except (OSError, LookupError, ValueError):
            return 0.0

    def stop(self) -> None:
        """Close what was open."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
