"""Measures what a party's processes use together, from ``/proc``."""

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PAGE_TABLES = re.compile(rb"^VmPTE:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """The resources that some processes use.

    Attributes:
        processes: how many processes there are.
        threads: how many threads they have.
        memory: bytes of memory that they have, with the tables that lead to it; what they share counts for each.
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
        found += [own[pid] for pid in below]
    return Usage(
        sum(u.processes for u in found),
        sum(u.threads for u in found),
        sum(u.memory for u in found),
        sum(u.cpu for u in found),
    )


def _stat(pid: str) -> tuple[int, Usage] | None:
    """Return the parent and the usage of a process, or None when it has just ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            text = file.read()
        tables = _page_tables(pid)
    except OSError:
        return None
    # The name in parentheses can hold anything, spaces and parentheses included; numbers follow it.
    fields = text[text.rfind(b")") + 2 :].split()
    state, parent, threads, pages = fields[0], int(fields[1]), int(fields[17]), int(fields[21])
    cpu = sum(int(field) for field in fields[11:15]) / _TICKS
    return parent, Usage(0 if state == b"Z" else 1, threads, pages * _PAGE + tables, cpu)


def _page_tables(pid: str) -> int:
    """Return the bytes of a process's page tables, which grow even with memory that is only read."""
    with open(f"/proc/{pid}/status", "rb") as file:
        found = _PAGE_TABLES.search(file.read())
    return int(found[1]) << 10 if found else 0
