"""What the sandbox of every run begins with: its namespaces, what it sees of the machine, and where it can write.

A ``bwrap`` is tried with the same: see `autograder.simulator.bubblewrap`.
"""

import sys
from pathlib import Path

import autograder
from autograder.simulator import privileges
from autograder.simulator.confinement import ENVIRONMENT, PLACES

_LIBRARY = "/grading/library"
_SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime")


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
