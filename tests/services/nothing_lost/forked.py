"""Part of a test in a forked process, which can give up what this one still needs."""

import ctypes
import os
import traceback
from collections.abc import Callable

_CAPABILITIES_V3 = 0x20080522


def in_fork(action: Callable[[], str]) -> str:
    """Return what ``action`` returns in a forked process.

    Raises:
        AssertionError: when it raises something there; the message is its traceback.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        status = 1
        try:
            with os.fdopen(writing, "w", encoding="utf-8", errors="backslashreplace") as file:
                try:
                    said = action()
                    status = 0
                except BaseException:
                    said = traceback.format_exc()
                file.write(said)
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as file:
        said = file.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise AssertionError(said or f"the forked process ended with status {os.waitstatus_to_exitcode(status)}")
    return said


def obey_permissions() -> None:
    """Give up for good what lets this process pass over the permissions of files, as root does."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")
