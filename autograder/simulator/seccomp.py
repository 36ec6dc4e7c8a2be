"""System calls that a student's party has no use for, as a filter for the kernel.

Most of them reserve memory that no limit of a process counts; the others reach into other processes, or widen the part
of the kernel that could hold a mistake. Everything else a sandbox needs is done by namespaces and limits.
"""

import platform
import struct

_DENIED = {
    "x86_64": {
        "shmget": 29,
        "ptrace": 101,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "perf_event_open": 298,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "memfd_create": 319,
        "bpf": 321,
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
    "aarch64": {
        "ptrace": 117,
        "shmget": 194,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "perf_event_open": 241,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "memfd_create": 279,
        "bpf": 280,
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
}
_AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FIRST_X32_CALL = 0x40000000

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_NOT_LESS, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET = 0, 4
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 1
"""The call fails with ``EPERM``."""
_STEP = struct.Struct("=HBBI")
STEP = _STEP.size
"""Bytes of one step of a program."""


def program(machine: str | None = None) -> bytes:
    """The filter as a program for the kernel's classic BPF; empty for a kind of machine that is not known here.

    Args:
        machine: as `platform.machine` calls it; this machine's by default.
    """
    machine = machine or platform.machine()
    if machine not in _DENIED:
        return b""
    denied = sorted(_DENIED[machine].values())
    # Each comparison jumps over those that follow it, and over the ALLOW behind them, to REFUSE.
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        (_JUMP_IF_EQUAL, 0, len(denied) + 3, _AUDIT_ARCHITECTURE[machine]),
        (_LOAD, 0, 0, _NUMBER_OFFSET),
        (_JUMP_IF_NOT_LESS, len(denied) + 1, 0, _FIRST_X32_CALL),
        *((_JUMP_IF_EQUAL, len(denied) - place, 0, number) for place, number in enumerate(denied)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(_STEP.pack(*step) for step in steps)
