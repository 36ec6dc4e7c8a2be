"""Measures what a party's processes use together, from ``/proc``."""

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LONGEST = 1 << 16
"""Bytes that are read of a file of the kernel's, which gives all of it at once; `status` has one or two thousand."""
_FILES = re.compile(rb"^FDSize:\s+(\d+)", re.MULTILINE)
_PAGE_TABLES = re.compile(rb"^VmPTE:\s+(\d+) kB", re.MULTILINE)

OF_A_FILE = 32 << 10
"""Bytes that the kernel may hold for an open file: half of what a pipe has room for."""
OF_A_PROCESS = 16 << 20
"""Bytes that the kernel may hold for a process: the descriptions of 65,530 mappings take 13 MiB."""


@dataclass(frozen=True)
class Usage:
    """The resources that some processes use.

    Attributes:
        processes: how many processes there are.
        threads: how many threads they have.
        memory: bytes of memory that they have, with the tables that lead to it and what the kernel may hold for them
            and their open files; what they share counts for each.
        cpu: CPU seconds that they, and those of their children that have ended, have taken.
    """

    processes: int = 0
    threads: int = 0
    memory: int = 0
    cpu: float = 0.0


def usage_of(roots: Mapping[str, Sequence[int]]) -> dict[str, Usage]:
    """Return what the descendants of each party's root processes use, seen from our process namespace."""
    children: dict[int, list[int]] = defaultdict(list)
    own: dict[int, Usage] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and (found := _stat(entry.name)):
            parent, usage = found
            own[int(entry.name)] = usage
            children[parent].append(int(entry.name))
    return {party: _total(pids, children, own) for party, pids in roots.items()}


def _total(roots: Sequence[int], children: dict[int, list[int]], own: dict[int, Usage]) -> Usage:
    waiting, found = list(roots), []
    while waiting:
        below = children.get(waiting.pop(), [])
        waiting += below
        found += [(own[pid], held) for pid in below if (held := _held(pid)) is not None]
    return Usage(
        sum(u.processes for u, _ in found),
        sum(u.threads for u, _ in found),
        sum(u.memory + held for u, held in found),
        sum(u.cpu for u, _ in found),
    )


def _stat(pid: str) -> tuple[int, Usage] | None:
    """Return the parent and what a process uses itself, or None when it has just ended."""
    try:
        text = _read(f"/proc/{pid}/stat")
    except OSError:
        return None
    # The name in parentheses can hold anything, spaces and parentheses included; numbers follow it.
    fields = text[text.rfind(b")") + 2 :].split()
    state, parent, threads, pages = fields[0], int(fields[1]), int(fields[17]), int(fields[21])
    cpu = sum(map(int, fields[11:15])) / _TICKS
    return parent, Usage(0 if state == b"Z" else 1, threads, pages * _PAGE, cpu)


def _held(pid: int) -> int | None:
    """Return the bytes that the kernel may hold for a process: 0 for one that has ended, None where nothing is left.

    Its page tables grow even with memory that is only read. What is in its pipes, and how many mappings it has, cannot
    be seen from here, so that is charged for as if there were no more room.
    """
    try:
        told = _read(f"/proc/{pid}/status")
    except OSError:
        return None
    tables, files = _PAGE_TABLES.search(told), _FILES.search(told)
    if tables is None:
        return 0
    return (int(tables[1]) << 10) + (int(files[1]) * OF_A_FILE if files else 0) + OF_A_PROCESS


def _read(path: str) -> bytes:
    """Return what one of the kernel's files holds, without the buffers of `open`, which cost as much as the rest."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, _LONGEST)
    finally:
        os.close(descriptor)
