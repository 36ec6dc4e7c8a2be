"""The number of submissions that are graded at once: what the machine's cores and its memory allow."""

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

EACH_CORE = 3
"""Gradings for each core. A run waits for much of its time: ``make bench`` measures how many are best."""
MEMORY = 512 << 20
"""Bytes that are kept free for a grading. One of a right answer has less than half of it in memory."""

_PULSE = 0.5
_UNTIL_SEEN = 5.0
"""Seconds in which a grading that has begun may not have taken its memory yet."""
_CONTROL_GROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Slots:
    """The number of submissions to grade at once, and why, in words."""

    number: int
    why: str


def slots() -> Slots:
    """Return as many slots as the cores and memory of this machine, or of its container, allow."""
    cores, memory = usable_cores(), available_memory()
    of_cores, of_memory = EACH_CORE * cores, max(1, memory // MEMORY)
    gib = f"{memory / (1 << 30):.1f} GiB of memory free"
    if of_memory < of_cores:
        return Slots(of_memory, f"{gib}, {MEMORY >> 20} MiB for each; {cores} cores could do {of_cores}")
    why = f"{EACH_CORE} for each of {cores} cores, since a run waits for much of its time; {gib}"
    return Slots(of_cores, why)


def usable_cores() -> int:
    """Return cores that this process may use, by its affinity and by the quota of its control group."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, period = (*_read("cpu.max").split(), "max", "max")[:2]
    if quota.isdigit() and period.isdigit():
        cores = min(cores, math.ceil(int(quota) / int(period)))
    return max(1, cores)


def available_memory() -> int:
    """Return the bytes that this process and its children can still use, by machine and control group."""
    available = int(psutil.virtual_memory().available)
    limit, used = _read("memory.max").strip(), _read("memory.current").strip()
    if limit.isdigit() and used.isdigit():
        files = [line.split()[1] for line in _read("memory.stat").splitlines() if line.startswith("inactive_file ")]
        available = min(available, int(limit) - int(used) + sum(map(int, files)))
    return max(0, available)


def _read(name: str) -> str:
    with contextlib.suppress(OSError):
        return (_CONTROL_GROUP / name).read_text()
    return ""


class MemoryGate:
    """Lets a grading begin when there is memory for it, or when no other is at work.

    Args:
        available: tells how many bytes are free.
    """

    def __init__(self, available: Callable[[], int] = available_memory) -> None:
        self._available = available
        self._lock = threading.Lock()
        self._begun: list[float] = []

    @contextlib.contextmanager
    def slot(self, go_on: Callable[[], None]) -> Iterator[None]:
        """Wait for a slot, and have it until the context ends.

        Args:
            go_on: is called while waiting; what it raises ends that.
        """
        while (mine := self._take()) is None:
            go_on()
            time.sleep(_PULSE)
        try:
            yield
        finally:
            with self._lock:
                self._begun.remove(mine)

    def _take(self) -> float | None:
        now = time.monotonic()
        with self._lock:
            unseen = sum(now - begun < _UNTIL_SEEN for begun in self._begun)
            if self._begun and self._available() < MEMORY * (1 + unseen):
                return None
            self._begun.append(now)
            return now
