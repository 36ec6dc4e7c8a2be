"""Keeping a folder of files bounded."""

import contextlib
import os
from pathlib import Path


def touch(path: Path) -> None:
    """Note that a file was asked for just now. The folder may be somebody else's, to be read only."""
    with contextlib.suppress(OSError):
        os.utime(path)


def evict_oldest(folder: Path, most: int) -> None:
    """Remove the files that were not asked for the longest, so that no more than ``most`` are left.

    A file that somebody else removes or asks for meanwhile does no harm, nor does a folder that is not there.
    """
    found = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            with contextlib.suppress(OSError):
                found.append((entry.stat().st_mtime_ns, entry.path))
    for _, path in sorted(found)[: max(0, len(found) - most)]:
        with contextlib.suppress(OSError):
            Path(path).unlink()
