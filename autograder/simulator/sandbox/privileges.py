"""Giving up root before a sandbox is made.

The kernel does not count root's processes, so no limit on them would hold; and whatever a sandbox might let through
would be root's. So when root grades, a first bubblewrap makes what a run needs reachable for an ordinary user, and
becomes one; all else is then as it is for an ordinary user.
"""

import itertools
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_FIRST_USER = 62_000
_USERS = 1000
_BASE = "/tmp"
"""The folder on which a ``bwrap`` builds its sandbox; the next one needs it too."""
_numbers = itertools.count()

_BECOME = """\
import ctypes, os, sys
user = int(sys.argv[1])
parent = os.getppid()
os.setgroups([])
os.setresgid(user, user, user)
os.setresuid(user, user, user)
# To change the user switches off that this process ends with its parent. PR_SET_PDEATHSIG is 1.
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
if os.getppid() != parent:
    os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


def another_user() -> int | None:
    """Return the user that root becomes for a sandbox; None for anybody else, who stays the same.

    It is another one each time, since kernels before 5.14 count a user's processes across all sandboxes.
    """
    return _FIRST_USER + (os.getpid() + next(_numbers)) % _USERS if os.geteuid() == 0 else None


def give(path: Path, user: int | None) -> None:
    """Let a file, or a folder with all that is in it, belong to the user of a sandbox, if that is another one."""
    if user is not None:
        for entry in (path, *path.rglob("*")):
            os.chown(entry, user, user, follow_symlinks=False)


def prelude(bubblewrap: str, user: int | None, seen: Sequence[str], folders: Sequence[Path]) -> list[str]:
    """Return what precedes a sandbox's command when root starts it; nothing for anybody else.

    Args:
        user: whom to become: see `another_user`.
        seen: files and folders that the sandbox shows, whoever may reach them by their path.
        folders: further ones, with all that comes to be in them. That user must be allowed to pass through them.
    """
    if user is None:
        return []
    arguments = [
        bubblewrap,
        "--die-with-parent",
        "--cap-drop",
        "ALL",
        "--cap-add",
        "CAP_SETUID",
        "--cap-add",
        "CAP_SETGID",
    ]
    arguments += ["--bind", "/proc", "/proc", "--dev", "/dev"]  # before the folders, which may lie in /dev/shm
    places = [*seen, *map(str, folders)]
    for ancestor in sorted({*_ancestors(places), _BASE} - set(places)):
        arguments += ["--perms", "0755", "--dir", ancestor]
    for path in seen:
        arguments += ["--ro-bind-try", path, path]
    for folder in folders:
        arguments += ["--bind", str(folder), str(folder)]
    return [*arguments, "--", sys.executable, "-I", "-S", "-c", _BECOME, str(user)]


def _ancestors(places: Sequence[str]) -> list[str]:
    """Return the parent folders from the top, without those that are shown themselves."""
    above = {str(parent) for place in places for parent in Path(place).parents}
    return sorted(above - {"/", *places})
