"""The end of a child process, as something that a selector can wait for on any system."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress


def status_of(pid: int) -> int:
    """Wait for the end of a child process, and return its exit status; negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def told_by(wait: Callable[[], int]) -> int:
    """Return a descriptor that can be read when a process has ended, and then says with which status: see `read`.

    Linux has descriptors of processes. Others have not, so a thread waits. None may fork any more from then on.

    Args:
        wait: returns the status of the process as soon as it has ended.
    """
    reading, writing = os.pipe()
    threading.Thread(target=_tell, args=(wait, writing), daemon=True).start()
    return reading


def _tell(wait: Callable[[], int], writing: int) -> None:
    status = wait()
    with suppress(BrokenPipeError):
        os.write(writing, str(status).encode())
    os.close(writing)


def read(descriptor: int) -> int:
    """Return the status from such a descriptor, and close it."""
    try:
        return int(os.read(descriptor, 100))
    finally:
        os.close(descriptor)
