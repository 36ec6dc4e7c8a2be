"""The folder of one run: what is where, and how files that strangers may have written are read.

The grader sees ``R``, the run's folder. In the run's sandbox ``R`` is ``/grading/run``. A student's party has a sandbox
of its own inside that one, in which it sees nothing of ``R`` but its own parts, and works in memory::

    R/plan.json              who takes part: for the supervisor
    R/supervisor.jsonl       what the supervisor saw: nobody else writes it
    R/supervisor.txt         what the supervisor, and bubblewrap before it, printed
    R/<party>.jsonl          what the party's process tells of itself: a claim when a student's code runs in it
    R/<party>.out            what the party's process printed
    R/parts/<party>/         what the party is given: its modules and its part of the job
    R/work/<party>/          where the party works; for a student's party in the sandbox it is in memory instead
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from autograder.simulator.disk import full_places

PLAN = "plan.json"
PARTS = "parts"
WORK_DIRS = "work"
CUSTOM = "custom"
JOB = "job"
FAULTS = "faults.json"
WORKSPACE = "workspace"
_LAST_LINES = 3


@dataclass
class RunFolder:
    """The folder of one run. All files of the run are below it, but for those that a student's party has in memory.

    Attributes:
        root: ``R``.
        in_memory: a descriptor of the folder in memory that holds the working folders of some parties, and who they
            are; given away by the supervisor when the run has begun. It stays readable after all processes have ended.
        own_disks: descriptors of what each of these has in memory of its own: see `autograder.simulator.disk`.
    """

    root: Path
    in_memory: tuple[int, frozenset[str]] | None = field(default=None)
    own_disks: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def plan(self) -> Path:
        """Return the file with what the supervisor has to know, as JSON."""
        return self.root / PLAN

    @property
    def supervisor_journal(self) -> Path:
        """Return the supervisor's journal: see `autograder.simulator.journal`."""
        return self.root / "supervisor.jsonl"

    @property
    def supervisor_output(self) -> Path:
        """Return the file with the output of the supervisor and the sandbox, in case they fail."""
        return self.root / "supervisor.txt"

    @property
    def work_dirs(self) -> Path:
        """Return the folder with the working folders of the parties that work on disk."""
        return self.root / WORK_DIRS

    def journal(self, party: str) -> Path:
        """Return the journal of a party's process: see `autograder.simulator.journal`."""
        return self.root / f"{party}.jsonl"

    def output(self, party: str) -> Path:
        """Return the file with the output of a party's process."""
        return self.root / f"{party}.out"

    def parts(self, party: str) -> Path:
        """Return the folder with what a party is given."""
        return self.root / PARTS / party

    def custom(self, party: str) -> Path:
        """Return the folder of a party's modules."""
        return self.parts(party) / CUSTOM

    def read_log(self, party: str, limit: int, offset: int = 0) -> str:
        """Read at most ``limit`` bytes of a party's structured log.

        Raises:
            OSError: when there is none, or something else in its place.
        """
        way = (party, WORKSPACE, party, "log.json")
        if self.in_memory and party in self.in_memory[1]:
            return _text(read_below(self.in_memory[0], way, limit, offset))
        return _text(_read_in(self.root, (WORK_DIRS, *way), limit, offset))

    def full_disk(self, party: str) -> str:
        """Return a place in memory that a party has full now, as the party sees it; empty if it has none."""
        if not self.in_memory or party not in self.in_memory[1]:
            return ""
        return next(full_places((self.in_memory[0], *self.own_disks.get(party, ()))), "")

    def close(self) -> None:
        """Let go of what is in memory."""
        work_dirs = self.in_memory[:1] if self.in_memory else ()
        for descriptor in (*work_dirs, *chain.from_iterable(self.own_disks.values())):
            os.close(descriptor)
        self.in_memory, self.own_disks = None, {}


def read_regular_file(path: Path, limit: int, offset: int = 0) -> str:
    """Read a file as `read_bytes` does, as text."""
    return _text(read_bytes(path, limit, offset))


def read_bytes(path: Path, limit: int, offset: int = 0) -> bytes:
    """Read at most ``limit`` bytes of a file that is in a run's folder itself, and not further below.

    Raises:
        OSError: as `read_below`.
    """
    return _read_in(path.parent, (path.name,), limit, offset)


def read_end(path: Path, limit: int) -> str:
    """Return the last few printable lines of such a file, of at most ``limit`` bytes; nothing without one."""
    try:
        size = path.lstat().st_size
        text = read_regular_file(path, limit, max(0, size - limit))
    except OSError:
        return ""
    if size > limit:
        text = text.partition("\n")[2] or text
    lines = ("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line) for line in text.splitlines())
    return "\n".join([line for line in lines if line.strip()][-_LAST_LINES:])


def _read_in(root: Path, way: Sequence[str], limit: int, offset: int) -> bytes:
    folder = _open(root, os.O_DIRECTORY)
    try:
        return read_below(folder, way, limit, offset)
    finally:
        os.close(folder)


def read_below(folder: int, way: Sequence[str], limit: int, offset: int = 0) -> bytes:
    """Read at most ``limit`` bytes of the regular file that is at the end of ``way`` below an open folder.

    Whatever the grader reads of a run, it reads by this: a stranger's code may have replaced the file, and the folders
    on the way, by anything.

    Raises:
        OSError: when there is no regular file. No link is followed anywhere on the way, no FIFO waited for.
    """
    opened: list[int] = []
    try:
        for name in way[:-1]:
            folder = _open(name, os.O_DIRECTORY, folder)
            opened.append(folder)
        with os.fdopen(_open(way[-1], os.O_NONBLOCK, folder), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError("it is no regular file")
            file.seek(offset)
            return file.read(limit)
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _open(name: str | Path, flags: int, folder: int | None = None) -> int:
    return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
