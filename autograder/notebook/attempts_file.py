"""The file beside a notebook in which the attempts at an assignment are kept over restarts of the kernel.

It is the student's own: who grades never reads it, and it may be deleted at any time. Each line is an attempt, so
of a damaged file the other lines are still there.
"""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.atomic_file import replacing
from autograder.course import ATTEMPTS_SUFFIX
from autograder.notebook.attempts import Attempt, newest

_MOST_BYTES = 1 << 20
_PATIENCE = 5.0
"""Seconds for which it is waited for whoever else has locked the folder. To write the file takes milliseconds."""
_POLL = 0.02


@dataclass(frozen=True)
class AttemptsFile:
    """The attempts at an assignment.

    Attributes:
        folder: the notebook's.
        exercises: the names of those that the assignment has; others in the file are passed over.
    """

    folder: Path
    assignment: str
    exercises: Collection[str]

    @property
    def path(self) -> Path:
        """Return where the file is, or will be."""
        return self.folder / f"{self.assignment}{ATTEMPTS_SUFFIX}"

    def read(self) -> list[Attempt]:
        """Return the attempts, the oldest first. There are none while there is no file.

        Raises:
            OSError: when it cannot be read, or is no file.
        """
        found = (Attempt.of_line(line) for line in self._text().splitlines())
        return newest(one for one in found if one and one.exercise in self.exercises)

    def add(self, attempts: Iterable[Attempt]) -> None:
        """Add attempts. Who adds others at the same time, as a second notebook in the folder may, loses none.

        Raises:
            OSError: when it cannot be written; what was there before still is.
        """
        with self._alone():
            kept = newest([*self.read(), *attempts])
            with replacing(self.path) as file:
                file.writelines(one.as_line() for one in kept)

    def _text(self) -> bytes:
        """Return the end of the file, as much of it as is read."""
        try:
            with open(self.path, "rb", opener=_without_waiting) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise OSError(errno.EINVAL, "It is no file", str(self.path))
                file.seek(max(0, status.st_size - _MOST_BYTES))
                return file.read(_MOST_BYTES)
        except FileNotFoundError:
            return b""

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep out others who change the file. The folder is locked, since the file itself is replaced."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            self._lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise OSError(error.errno, "Another program has locked the folder", str(self.folder)) from error
            time.sleep(_POLL)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file. Of a pipe, this does not wait for the other end, and a link to somewhere else is not followed."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)
