"""The beginning of the sandbox of every fork server: its namespaces, and what it sees of the machine.

A ``bwrap`` is tried with the same: see `autograder.simulator.sandbox.bubblewrap`.
"""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import autograder
from autograder.simulator.own_modules import IN_A_RUN
from autograder.simulator.sandbox import privileges
from autograder.simulator.sandbox.inner import ENVIRONMENT

_LIBRARY = "/grading/library"
_SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime")


def outer(path: str) -> list[str]:
    """Return the arguments that every fork server's sandbox begins with; the first is ``path``, a ``bwrap``."""
    arguments = [path, "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    arguments += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "grading", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        arguments += ["--setenv", name, value]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for shown in _shown(path):  # after /tmp, since the interpreter's packages may lie below it
        arguments += ["--ro-bind-try", shown, shown]
    if any(Path(_package()).is_relative_to(shown) for shown in _shown(path)):
        arguments += ["--tmpfs", _package(), "--remount-ro", _package()]
    for part in IN_A_RUN:
        arguments += ["--ro-bind", f"{_package()}/{part}", f"{_LIBRARY}/autograder/{part}"]
    return arguments


def prelude(path: str, user: int | None, folders: list[Path]) -> list[str]:
    """Return what precedes the sandbox command of a fork server: see `autograder.simulator.sandbox.privileges`."""
    return privileges.prelude(path, user, [*_shown(path), _package()], folders)


def _shown(path: str) -> list[str]:
    """Return what a fork server sees of the machine, besides its own folder and this package.

    Of ``bwrap`` that is the file and the libraries that it loads, whatever stands beside them.
    """
    return [*_SYSTEM_FOLDERS, *sorted({sys.base_prefix, sys.prefix, path, *libraries(path)})]


@cache
def libraries(path: str) -> tuple[str, ...]:
    """Return the libraries that a program loads from elsewhere than the system's folders."""
    # The loader then lists what it would load, and does not start the program.
    told = subprocess.run([path], env={"LD_TRACE_LOADED_OBJECTS": "1"}, capture_output=True, text=True, check=False)
    found = re.findall(r"=> (/.+) \(0x", told.stdout)
    return tuple(os.path.realpath(library) for library in found if not library.startswith(_SYSTEM_FOLDERS))


def _package() -> str:
    return str(Path(autograder.__file__).parent)
