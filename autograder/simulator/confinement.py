"""The sandbox of one student's party, inside that of the run: made by bubblewrap, entered by a forked process.

In it are the party's processes only, its own part of the job, and the place where it works. Neither the other parties'
files and processes nor what the course itself writes down can be seen. The loopback of the run is shared: that is how
the parties reach each other.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.simulator.folder import RunFolder

PLACES = "/grading/students"
"""Where the places of students' parties are in the run's sandbox: a folder in memory of a given size."""
PLACE = "/grading/run"
"""Where a student's party works, as it sees it."""
PARTS = "/grading/parts"
"""Where a student's party finds what it is given, as it sees it."""
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


class Making:
    """A sandbox that bubblewrap is making. Others can be made meanwhile.

    Args:
        disk: bytes of ``/tmp``.
        output: a descriptor of the file for what bubblewrap has to say.
    """

    def __init__(self, bubblewrap: str, folder: RunFolder, party: str, disk: int, output: int) -> None:
        self._info, info = os.pipe()
        self._process = subprocess.Popen(
            command(bubblewrap, folder, party, disk, info),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            env={},
            pass_fds=(info,),
            start_new_session=True,
        )
        os.close(info)

    def done(self) -> Confinement:
        """The sandbox, as soon as it stands."""
        assert self._process.stdout is not None
        with open(self._info, "rb") as info, self._process.stdout as told:
            first, stands = info.read(), told.readline()
        return Confinement(self._process, json.loads(first)["child-pid"] if stands else None)


def command(bubblewrap: str, folder: RunFolder, party: str, disk: int, info: int) -> list[str]:
    """The command that makes a sandbox for a student's party. To be run in that of the run.

    Args:
        folder: the run's folder, as it is seen there.
        disk: bytes of ``/tmp``.
        info: an inherited descriptor on which bubblewrap tells the number of the first process in it.
    """
    arguments = [bubblewrap, "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--disable-userns", "--cap-drop", "ALL", "--die-with-parent", "--new-session"]
    arguments += ["--hostname", "grading", "--clearenv", "--as-pid-1", "--info-fd", str(info)]
    for path in sorted(Path("/").iterdir()):
        if path.name not in ("grading", "proc", "dev", "tmp"):
            arguments += ["--ro-bind", str(path), str(path)]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    arguments += ["--remount-ro", "/dev", "--size", str(disk), "--tmpfs", "/tmp"]
    for packages in sorted({sys.base_prefix, sys.prefix}):
        if packages.startswith("/tmp/"):
            arguments += ["--ro-bind", packages, packages]
    arguments += ["--ro-bind", "/grading/library", "/grading/library"]
    arguments += ["--ro-bind", str(folder.parts(party)), PARTS, "--bind", f"{PLACES}/{party}", PLACE]
    return [*arguments, "--remount-ro", "/", "--", *_WAIT]
