"""Entering a sandbox that bubblewrap has made, with a process that has imported NVFlare already.

bubblewrap starts a program anew, which for NVFlare means to import it for each student's party: more than half of the
CPU time of a run. So it makes the sandbox around a process that only waits, and a process forked from the supervisor
joins that one's namespaces. What bubblewrap does besides to the program that it starts, is done here: capabilities are
dropped for good, and the filter of system calls is put in place.
"""

import ctypes
import errno
import os
from pathlib import Path

from autograder.simulator.sandbox import seccomp

_NAMESPACES = {
    "user": 0x10000000,
    "mnt": 0x00020000,
    "pid": 0x20000000,
    "ipc": 0x08000000,
    "net": 0x40000000,
    "uts": 0x04000000,
    "cgroup": 0x02000000,
}
_DROP_FROM_BOUNDING_SET, _NO_NEW_PRIVILEGES, _SECCOMP, _SECCOMP_FILTER = 24, 38, 22, 2
_CAPABILITY_VERSION = 0x20080522
_MORE_THAN_ANY_CAPABILITY = 64

_libc = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def enter(first: int, *, filtered: bool = True) -> None:
    """Join the sandbox around a process, without any right in it. What this process forks from now on is inside.

    The process must have one thread only, and be of the user who made the sandbox.

    Args:
        first: the number of the sandbox's first process.
        filtered: whether system calls are filtered from now on, among them those that make a further sandbox.

    Raises:
        OSError: when the kernel refuses a step. The process must end then: it may be half inside.
    """
    _join(first)
    _drop_capabilities()
    _check(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    if filtered:
        _filter_system_calls()


def _join(first: int) -> None:
    flags = sum(flag for name, flag in _NAMESPACES.items() if _differs(name, first))
    descriptor = os.pidfd_open(first)
    try:
        # All at once: after the user namespace alone, this process would have no rights over the others any more.
        _check(_libc.setns(descriptor, flags))
    finally:
        os.close(descriptor)


def _differs(name: str, pid: int) -> bool:
    return not Path(f"/proc/{pid}/ns/{name}").samefile(f"/proc/self/ns/{name}")


def _drop_capabilities() -> None:
    for number in range(_MORE_THAN_ANY_CAPABILITY):
        try:
            _check(_libc.prctl(_DROP_FROM_BOUNDING_SET, number, 0, 0, 0))
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            break  # the kernel knows no capability of this number, nor of a higher one
    none = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(ctypes.byref(_CapabilityHeader(_CAPABILITY_VERSION, 0)), ctypes.byref(none)))


def _filter_system_calls() -> None:
    steps = seccomp.program()
    if steps:
        buffer = ctypes.create_string_buffer(steps, len(steps))
        program = _Program(len(steps) // seccomp.STEP, ctypes.cast(buffer, ctypes.c_void_p))
        _check(_libc.prctl(_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program), 0, 0))


def _check(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
