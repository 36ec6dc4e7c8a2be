"""A disk that is soon full: a small file system in memory, in a mount namespace of a forked process."""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.nothing_lost.forked import in_fork

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_RECURSIVE_PRIVATE = 0x4000 | 0x40000


def in_small_disk(folder: Path, kibibytes: int, action: Callable[[], str]) -> str:
    """Return what ``action`` returns in a forked process that sees ``folder`` on a disk of that size.

    Where no such disk can be made, the test is left out.
    """
    said = in_fork(lambda: f"made{action()}" if _mount(folder, kibibytes) else "")
    return (
        said.removeprefix("made") if said else pytest.skip("a small disk is needed: it takes user namespaces, or root")
    )


def _mount(folder: Path, kibibytes: int) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_NEW_MOUNTS | (_NEW_USER if user else 0)):
        return False
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    libc.mount(None, b"/", None, _RECURSIVE_PRIVATE, None)
    return not libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={kibibytes}k".encode())
