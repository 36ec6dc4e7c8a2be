"""System calls that a student's party has no use for, as a filter for the kernel.

Most of them reserve memory that no limit of a process counts; the others reach into other processes, out of the network
namespace, or widen the part of the kernel that could hold a mistake. Everything else a sandbox needs is done by
namespaces and limits.
"""

import platform
import struct
from collections.abc import Mapping, Sequence

_DENIED = {
    "x86_64": {
        "shmget": 29,
        "semget": 64,
        "msgget": 68,
        "ptrace": 101,
        "io_setup": 206,
        "mq_open": 240,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "inotify_init": 253,
        "unshare": 272,
        "splice": 275,
        "tee": 276,
        "vmsplice": 278,
        "inotify_init1": 294,
        "perf_event_open": 298,
        "fanotify_init": 300,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "memfd_create": 319,
        "bpf": 321,
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
    "aarch64": {
        "io_setup": 0,
        "inotify_init1": 26,
        "vmsplice": 75,
        "splice": 76,
        "tee": 77,
        "unshare": 97,
        "ptrace": 117,
        "mq_open": 180,
        "msgget": 186,
        "semget": 190,
        "shmget": 194,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "perf_event_open": 241,
        "fanotify_init": 262,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "memfd_create": 279,
        "bpf": 280,
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
}
_LOOKED_AT = {
    "x86_64": {"mmap": 9, "socket": 41, "socketpair": 53, "clone": 56, "fcntl": 72},
    "aarch64": {"fcntl": 25, "socket": 198, "socketpair": 199, "clone": 220, "mmap": 222},
}
"""Calls that depend on an argument."""
_CLONE3 = 435
"""Its arguments cannot be looked at. libc takes ``clone`` where there is no such call."""

_THREAD, _SAME_FILES = 0x10000, 0x400
"""Flags of ``clone``. A thread with files of its own would have more open than is seen of its process."""

_SHARED_AND_OF_NO_FILE = 0x01 | 0x20
"""``MAP_SHARED`` with ``MAP_ANONYMOUS``. Such memory stays when a process lets go of its pages, and counts nowhere."""
_SET_LEASE, _NOTIFY = 1024, 1026
"""Commands of ``fcntl``. With a lease on a file that belongs to its user, a process holds up whoever opens it."""
_FAMILIES = (1, 2, 10, 16)
"""Of sockets: UNIX, IPv4, IPv6, and NETLINK, with which libc looks for addresses. ``AF_VSOCK`` leads out of a virtual
machine, whatever the network namespace."""

_AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FIRST_X32_CALL = 0x40000000

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_NOT_LESS, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _FIRST_ARGUMENT_OFFSET, _SECOND_ARGUMENT_OFFSET = 0, 4, 16, 24
_FOURTH_ARGUMENT_OFFSET = 40
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 1
"""The call fails with ``EPERM``."""
_ABSENT = 0x00050000 | 38
"""The call fails with ``ENOSYS``."""
_STEP = struct.Struct("=HBBI")
STEP = _STEP.size
"""Bytes of one step of a program."""

_Step = tuple[int, int, str, str]
"""Code, value, and where it goes on if it is so and if it is not; nothing for the next step."""


def program(machine: str | None = None) -> bytes:
    """Return the filter as a classic BPF program; empty for machines that are not known here.

    Args:
        machine: as `platform.machine` calls it; this machine's by default.
    """
    machine = machine or platform.machine()
    if machine not in _DENIED:
        return b""
    looked_at = _LOOKED_AT[machine]
    return _assembled(
        {
            "": [
                (_LOAD, _ARCHITECTURE_OFFSET, "", ""),
                (_JUMP_IF_EQUAL, _AUDIT_ARCHITECTURE[machine], "", "refuse"),
                (_LOAD, _NUMBER_OFFSET, "", ""),
                (_JUMP_IF_NOT_LESS, _FIRST_X32_CALL, "refuse", ""),
                *((_JUMP_IF_EQUAL, number, "refuse", "") for number in sorted(_DENIED[machine].values())),
                (_JUMP_IF_EQUAL, _CLONE3, "absent", ""),
                (_JUMP_IF_EQUAL, looked_at["clone"], "clone", ""),
                (_JUMP_IF_EQUAL, looked_at["mmap"], "mmap", ""),
                (_JUMP_IF_EQUAL, looked_at["fcntl"], "fcntl", ""),
                (_JUMP_IF_EQUAL, looked_at["socket"], "socket", ""),
                (_JUMP_IF_EQUAL, looked_at["socketpair"], "socket", "allow"),
            ],
            "mmap": [
                (_LOAD, _FOURTH_ARGUMENT_OFFSET, "", ""),
                (_AND, _SHARED_AND_OF_NO_FILE, "", ""),
                (_JUMP_IF_EQUAL, _SHARED_AND_OF_NO_FILE, "refuse", "allow"),
            ],
            "clone": [
                (_LOAD, _FIRST_ARGUMENT_OFFSET, "", ""),
                (_AND, _THREAD | _SAME_FILES, "", ""),
                (_JUMP_IF_EQUAL, _THREAD, "refuse", "allow"),
            ],
            "fcntl": [
                (_LOAD, _SECOND_ARGUMENT_OFFSET, "", ""),
                (_JUMP_IF_EQUAL, _SET_LEASE, "refuse", ""),
                (_JUMP_IF_EQUAL, _NOTIFY, "refuse", "allow"),
            ],
            "socket": [
                (_LOAD, _FIRST_ARGUMENT_OFFSET, "", ""),
                *((_JUMP_IF_EQUAL, family, "allow", "") for family in _FAMILIES),
            ],
            "refuse": [(_RETURN, _REFUSE, "", "")],
            "absent": [(_RETURN, _ABSENT, "", "")],
            "allow": [(_RETURN, _ALLOW, "", "")],
        }
    )


def _assembled(blocks: Mapping[str, Sequence[_Step]]) -> bytes:
    """Return the steps of all blocks in their order, with names of blocks as distances."""
    starts: dict[str, int] = {}
    steps: list[_Step] = []
    for name, block in blocks.items():
        starts[name] = len(steps)
        steps += block

    def distance(to: str, place: int) -> int:
        return starts[to] - place - 1 if to else 0

    return b"".join(
        _STEP.pack(code, distance(yes, place), distance(no, place), value)
        for place, (code, value, yes, no) in enumerate(steps)
    )
