"""Run folders, and how those that a killed grader left behind are told from those in use.

A grader holds a lock on each of its run folders. The system lets go of it when the grader ends, however it ends; so a
folder whose lock can be taken belongs to nobody any more. A signal can interrupt how a folder is made or removed, so a
process removes those that are left of its own when it ends.

The same holds for a sandbox that shows the folder. It ends with its grader, except at one moment: a bubblewrap that is
killed after it has made its first process, and before it tells it to begin, leaves that process behind for ever.
"""

import atexit
import contextlib
import fcntl
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psutil

_PREFIX = "autograder-run-"
_OURS = re.compile(rf"{_PREFIX}\d+-\w+", re.ASCII)
"""Names as `_new_folder` gives them. Others are not touched, since nobody says that there is a lock on them."""


@contextlib.contextmanager
def run_folder(parent: str | None = None) -> Iterator[Path]:
    """Yield a new folder for runs, which is gone when the context ends.

    The first one that a process makes also removes what was left behind beside it.

    Args:
        parent: where to make it; in the temporary folder when None.

    Raises:
        OSError: when it cannot be made.
    """
    parent = parent or tempfile.gettempdir()
    _begin_in(parent, os.getpid())
    folder, lock = _new_folder(parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def remove_stale_run_dirs(parent: str) -> list[Path]:
    """Remove the run folders in ``parent`` whose grader is gone, and end what is left of their sandboxes. Return them.

    A folder of another user's is left to that user, unless root asks.
    """
    removed = []
    with contextlib.suppress(OSError):
        for folder in sorted(Path(parent).iterdir()):
            if _OURS.fullmatch(folder.name) and (lock := _lock_of_nobody(folder)) is not None:
                _end_sandboxes(folder)
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
                removed.append(folder)
    return removed


@cache
def _begin_in(parent: str, process: int) -> None:
    """Remove what was left behind in a folder, and at the end of this process what it leaves there itself."""
    remove_stale_run_dirs(parent)
    atexit.register(_remove_own, parent, process)


def _remove_own(parent: str, process: int) -> None:
    if os.getpid() == process:  # a process that was forked from that one has the same to do at its end
        for folder in Path(parent).glob(f"{_own_prefix(process)}*"):
            shutil.rmtree(folder, ignore_errors=True)


@cache
def _own_prefix(process: int) -> str:
    """Return how the names of a process's folders begin: processes of two namespaces may have the same number."""
    return f"{_PREFIX}{process}-{secrets.token_hex(4)}_"


def _end_sandboxes(folder: Path) -> None:
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "bwrap" and str(folder) in (process.info["cmdline"] or ()):
            with contextlib.suppress(psutil.Error):
                process.kill()


def _new_folder(parent: str) -> tuple[Path, int | None]:
    """Return a new folder and a descriptor that holds its lock; None if the file system has no locks."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_own_prefix(os.getpid()), dir=parent))
        try:
            return folder, _lock(folder)
        except (BlockingIOError, FileNotFoundError):
            continue  # another grader took it for left behind in the moment before it was locked, and removes it
        except OSError:
            return folder, None


def _lock_of_nobody(folder: Path) -> int | None:
    """Return a descriptor that holds the folder's lock; None if it is in use, or not ours."""
    try:
        return _lock(folder)
    except OSError:
        return None


def _lock(folder: Path) -> int:
    """Return a descriptor that holds the folder's lock.

    Raises:
        BlockingIOError: when another process has it.
        OSError: when the folder is gone, is no folder, or must not be opened.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), folder.stat()):
            raise FileNotFoundError(f"{folder} was replaced")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
