"""The process of one party, forked from the supervisor when that has imported NVFlare."""

import contextlib
import io
import os
import sys
from pathlib import Path

from autograder.simulator import entering
from autograder.simulator.confinement import Confinement
from autograder.simulator.party import be
from autograder.simulator.seat import Seat

_MORE_THAN_ANY_DESCRIPTOR = 1 << 16


def fork_party(seat: Seat, output: Path, confinement: Confinement | None) -> int:
    """Fork a process that is a party and nothing else. Return its number; it ends with the party's status.

    No thread may have started in this process.

    Args:
        output: the file for what is printed.
        confinement: the sandbox for the party; None for one in whose process no student's code runs.
    """
    pid = os.fork()
    if not pid:
        _become(seat, output, confinement)
    return pid


def _become(seat: Seat, output: Path, confinement: Confinement | None) -> None:
    """Does not return."""
    try:
        os.setsid()
        _keep_only(seat.descriptors, output)
        if confinement is not None:
            _go_inside(confinement, seat.place)
        be(seat)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)


def _keep_only(descriptors: tuple[int, ...], output: Path) -> None:
    """Close what is the supervisor's or another party's: its files, its journals, its connections to the others."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor, target in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(descriptor, target)
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if descriptor > 2 and descriptor not in descriptors:
            with contextlib.suppress(OSError):  # the listing had one of its own
                os.close(descriptor)
    sys.stdout, sys.stderr = _unbuffered(1), _unbuffered(2)


def _unbuffered(descriptor: int) -> io.TextIOWrapper:
    """What is printed has to be in its file when the process is killed at the end."""
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)  # type: ignore[arg-type]  # as with -u


def _go_inside(confinement: Confinement, place: str) -> None:
    """Return in a process inside. This one stays behind to end as that one does, with nothing open and no rights."""
    if confinement.first is None:
        raise RuntimeError("bubblewrap could not make the sandbox of this party; what it said is above")
    entering.enter(confinement.first)
    os.chdir(place)
    if inside := os.fork():  # whoever joins a process namespace is not in it; only its children are
        os.closerange(0, _MORE_THAN_ANY_DESCRIPTOR)
        code = os.waitstatus_to_exitcode(os.waitpid(inside, 0)[1])
        os._exit(code if code >= 0 else 128 - code)
