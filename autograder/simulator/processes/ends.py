"""The end of a child process, as something that a selector can wait for on any system."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

_OUT_OF_TIME = (-signal.SIGXCPU, 128 + signal.SIGXCPU)
"""The status of a process that was ended at its limit of CPU time, and of the one that waits for it."""


@dataclass(frozen=True)
class Ended:
    """A process that has ended.

    Attributes:
        status: its exit status; negative for a signal.
        cpu: the CPU seconds that it took, and those for which it waited.
    """

    status: int = 0
    cpu: float = 0.0

    def had_spent(self, seconds: float) -> bool:
        """Return whether it was ended because it had taken so many CPU seconds.

        Any process can end with such a status at once. The kernel counts time for its limits by ticks, and otherwise
        exactly, and leaves a party no less than half of the time and a second: so half of it is enough.
        """
        return self.status in _OUT_OF_TIME and self.cpu >= seconds / 2


class Child:
    """A child process, which is killed as long as nobody has waited for it: then its number can be another's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._reaped = False
        self._lock = threading.Lock()

    def wait(self) -> Ended:
        """Wait for its end, which is done once."""
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)  # it keeps its number
        with self._lock:
            _, status, used = os.wait4(self.pid, 0)
            self._reaped = True
        return Ended(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime)

    def kill(self) -> None:
        """Kill it, if it is there."""
        with self._lock:
            if not self._reaped:
                os.kill(self.pid, signal.SIGKILL)


def told_by(wait: Callable[[], Ended]) -> int:
    """Return a descriptor that can be read when a process has ended, and then tells of it: see `read`.

    Linux has descriptors of processes. Others have not, so a thread waits. None may fork any more from then on.

    Args:
        wait: returns when the process has ended.
    """
    reading, writing = os.pipe()
    threading.Thread(target=_tell, args=(wait, writing), daemon=True).start()
    return reading


def _tell(wait: Callable[[], Ended], writing: int) -> None:
    ended = wait()
    with suppress(BrokenPipeError):
        os.write(writing, f"{ended.status} {ended.cpu}".encode())
    os.close(writing)


def read(descriptor: int) -> Ended:
    """Return what such a descriptor tells, and close it."""
    try:
        status, cpu = os.read(descriptor, 100).split()
        return Ended(int(status), float(cpu))
    finally:
        os.close(descriptor)
