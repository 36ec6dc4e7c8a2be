"""The sandbox of one student's party, inside that of the run.

In it are the party's processes only, its own part of the job, and the place where it works. Neither the other parties'
files and processes nor what the course itself writes down can be seen. The loopback of the run is shared: that is how
the parties reach each other.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder.simulator import seccomp
from autograder.simulator.folder import RunFolder
from autograder.simulator.seat import Seat

PLACES = "/grading/students"
"""Where the places of students' parties are in the run's sandbox: a folder in memory of a given size."""
PLACE = "/grading/run"
"""Where a student's party works, as it sees it."""
PARTS = "/grading/parts"
"""Where a student's party finds what it is given, as it sees it."""
PROCESSES = 3
"""Processes of a student's party that are not its own doing: two of bubblewrap's, and the interpreter."""

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


def command(bubblewrap: str, folder: RunFolder, seat: Seat, disk: int, system_calls: int | None) -> list[str]:
    """The command that starts a student's party in a sandbox of its own. To be run in that of the run.

    Args:
        folder: the run's folder, as it is seen there.
        disk: bytes of ``/tmp``.
        system_calls: a descriptor from which the filter of system calls can be read, or None.
    """
    arguments = [bubblewrap, "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--disable-userns", "--cap-drop", "ALL", "--die-with-parent", "--new-session"]
    arguments += ["--hostname", "grading", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        arguments += ["--setenv", name, value]
    for path in sorted(Path("/").iterdir()):
        if path.name not in ("grading", "proc", "dev", "tmp"):
            arguments += ["--ro-bind", str(path), str(path)]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--size", str(_SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    arguments += ["--remount-ro", "/dev", "--size", str(disk), "--tmpfs", "/tmp"]
    for packages in sorted({sys.base_prefix, sys.prefix}):
        if packages.startswith("/tmp/"):
            arguments += ["--ro-bind", packages, packages]
    arguments += ["--ro-bind", "/grading/library", "/grading/library"]
    arguments += ["--ro-bind", str(folder.parts(seat.party)), PARTS, "--bind", f"{PLACES}/{seat.party}", PLACE]
    arguments += ["--remount-ro", "/", "--chdir", PLACE]
    if system_calls is not None:
        arguments += ["--seccomp", str(system_calls)]
    # Unbuffered: what was printed has to be in its file when the process is killed at the end.
    return [*arguments, "--", sys.executable, "-u", "-m", "autograder.simulator.party", seat.dumps()]


@contextlib.contextmanager
def filter_descriptor() -> Iterator[int | None]:
    """A descriptor from which bubblewrap can read the filter of system calls; None where there is no filter."""
    program = seccomp.program()
    if not program:
        yield None
        return
    read_end, write_end = os.pipe()
    os.write(write_end, program)
    os.close(write_end)
    try:
        yield read_end
    finally:
        os.close(read_end)
