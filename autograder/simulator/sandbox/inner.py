"""The sandboxes inside that of a fork server: one for each run, and in it one for each party.

Both are made by bubblewrap and entered by a forked process. In a run's sandbox is what a run needs and leaves: its
folder, a loopback, memory to work in. With the first process in it, all of that ends. In the sandbox of a party are its
own processes only, its own part of the job, and the folder in which it works. Neither the other parties' files and
processes nor what the course itself writes down can be seen. The course's own parties have one as well: they read what
a student's code sends, so whatever that could do to them ends there. The loopback of the run is shared: that is how the
parties reach each other.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.simulator.disk import WORK_DIR
from autograder.simulator.folder import RunFolder

RUNS = "/grading/runs"
"""Where the folders of runs are in a fork server's sandbox."""
WORK_DIRS = "/grading/students"
"""Where the working folders of students' parties are in a run's sandbox: a folder in memory of a given size."""
PARTS = "/grading/parts"
"""Where a party finds what it is given, as it sees it."""
PROCESSES = 2
"""Processes in a sandbox that are not a student's doing: the one that bubblewrap made it around, and the party's."""

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "PYTHONNOUSERSITE": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": "/grading/library",
    "OPENBLAS_NUM_THREADS": "1",
}
"""All of the environment in a sandbox."""

_SHARED_MEMORY = 16 << 20


_WAIT = ("/bin/sh", "-c", "echo && read _")
"""The process around which a sandbox is made: tells that it is there, and is there until its standard input ends."""


@dataclass(frozen=True)
class Confinement:
    """A sandbox that stands, or whose making has failed.

    Attributes:
        process: bubblewrap, with whose end everything in the sandbox ends.
        first: the number of the first process in it, to be entered by; None when it could not be made. bubblewrap has
            said why on its output.
    """

    process: subprocess.Popen[bytes]
    first: int | None

    def end(self) -> None:
        """Kill everything in it."""
        self.process.kill()
        self.process.wait()

    def end_for_good(self, patience: float) -> bool:
        """End it as `end` does, and wait until nothing is left. Return whether that took at most ``patience`` seconds.

        The kernel reports the first process of a process namespace as ended only when no other one is left in it.
        """
        if self.first is not None:
            with contextlib.suppress(ProcessLookupError):
                return kill(os.pidfd_open(self.first), patience) and self._ended(patience)
        self.process.kill()
        return self._ended(patience)

    def _ended(self, patience: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        return self.process.returncode is not None


def kill(first: int, patience: float) -> bool:
    """Kill the first process of a sandbox, whose pidfd is closed then. Return whether it is gone in so many seconds."""
    try:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(first, signal.SIGKILL)
        return bool(select.select([first], [], [], patience)[0])
    finally:
        os.close(first)


class Making:
    """A sandbox that bubblewrap is making. Others can be made meanwhile.

    Args:
        command: the command that makes it: see `for_run` and `for_party`.
        output: a descriptor of the file for what bubblewrap has to say.
    """

    def __init__(self, command: list[str], output: int) -> None:
        self._info, info = os.pipe()
        self._process = subprocess.Popen(
            [command[0], "--info-fd", str(info), *command[1:], "--", *_WAIT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            env={},
            pass_fds=(info,),
            start_new_session=True,
        )
        os.close(info)

    def done(self) -> Confinement:
        """Return the sandbox, as soon as it stands."""
        assert self._process.stdout is not None
        with open(self._info, "rb") as info, self._process.stdout as told:
            first, stands = info.read(), told.readline()
        return Confinement(self._process, json.loads(first)["child-pid"] if stands else None)


def for_run(bubblewrap: str, folder: RunFolder, disk: int) -> list[str]:
    """Return the command that makes the sandbox of a run. To be run in that of the fork server.

    Args:
        folder: the run's folder, as it is seen there.
        disk: bytes in memory for the working folders of students' parties.
    """
    arguments = [*_apart(bubblewrap), "--unshare-net", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", *_seen()]
    return [*arguments, "--bind", str(folder.root), WORK_DIR, "--size", str(disk), "--tmpfs", WORK_DIRS]


def for_party(bubblewrap: str, folder: RunFolder, party: str, disk: int, *, in_memory: bool) -> list[str]:
    """Return the command that makes the sandbox of a party. To be run in that of the run.

    Args:
        folder: the run's folder, as it is seen there.
        disk: bytes of ``/tmp``.
        in_memory: whether the party works in memory of a given size, as one of the student's does.
    """
    work_dir = f"{WORK_DIRS}/{party}" if in_memory else str(folder.work_dirs / party)
    arguments = [*_apart(bubblewrap), "--disable-userns", "--as-pid-1", "--proc", "/proc", "--dev", "/dev"]
    # What is mapped of /dev/zero and shared is memory that no process has when it lets go of its pages.
    arguments += ["--dev-bind", "/dev/null", "/dev/zero"]
    arguments += ["--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    arguments += ["--size", str(disk), "--tmpfs", "/tmp", *_seen()]
    arguments += ["--ro-bind", str(folder.parts(party)), PARTS, "--bind", work_dir, WORK_DIR]
    return [*arguments, "--remount-ro", "/"]


def _apart(bubblewrap: str) -> list[str]:
    """Return the beginning of every such command: namespaces but for the network's, and no rights in them."""
    arguments = [bubblewrap, "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--cap-drop", "ALL", "--die-with-parent", "--new-session"]
    return [*arguments, "--hostname", "grading", "--clearenv"]


def _seen() -> Iterator[str]:
    """Yield the interpreter, the packages and everything else that the outer sandbox shows; read only."""
    shown = [str(path) for path in Path("/").iterdir() if path.name not in ("grading", "proc", "dev", "tmp")]
    packages = {path for path in (sys.base_prefix, sys.prefix) if path.startswith("/tmp/")}
    for path in [*sorted(shown), *sorted(packages), "/grading/library"]:
        yield from ("--ro-bind", path, path)
