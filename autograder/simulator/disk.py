"""The places in memory in which a student's party can write, each a file system of a given size, and which are full."""

import os
from collections.abc import Iterable, Iterator

DISK = "disk"
"""What there is a limit of in each of these places."""
WORK_DIR = "/grading/run"
"""Where a run's folder is in the run's sandbox, and where a party works, as it sees it."""
OWN_PLACES = ("/tmp", "/dev/shm")
"""Those that each party has of its own, as it sees them."""
_PLACES = (WORK_DIR, *OWN_PLACES)
"""All of them. The student's parties of a run share the size of the first one."""


def full_places(descriptors: Iterable[int]) -> Iterator[str]:
    """Yield which places of a party are full, as it sees them.

    Args:
        descriptors: of the folders of as many of its places as are known, in their order.
    """
    return (place for place, descriptor in zip(_PLACES, descriptors, strict=False) if _is_full(descriptor))


def _is_full(descriptor: int) -> bool:
    """Return whether a file system has no room for another page, or for another file. Without a limit it has 0 of 0."""
    there = os.fstatvfs(descriptor)
    return (there.f_bfree == 0 < there.f_blocks) or (there.f_ffree == 0 < there.f_files)
