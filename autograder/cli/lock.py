"""A lock that lets one grading at a time work in a course folder.

nbgrader changes a submission's rows and files in several steps, so two that do it at once would each find half of what
the other does.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from typing import IO

from autograder.course import Course, CourseError
from autograder.grading.store import FOLDER

_NAME = ".grading"


@contextlib.contextmanager
def only_grading(course: Course) -> Iterator[None]:
    """Hold the course folder's lock. The system lets go of it when this process ends, however it ends.

    Raises:
        CourseError: when another process has it.
        OSError: when the file cannot be made.
    """
    folder = course.root / FOLDER
    folder.mkdir(exist_ok=True)
    with open(folder / _NAME, "a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(_at_work(course, file)) from None
        _sign(file)
        yield


def _sign(file: IO[str]) -> None:
    """Write down who has the lock. It is only told to people, so a full disk does not matter."""
    with contextlib.suppress(OSError):
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), str(os.getpid()).encode())


def _at_work(course: Course, file: IO[str]) -> str:
    file.seek(0)
    pid = file.read(20)
    who = f" (process {pid})" if pid.isdecimal() else ""
    return (
        f"another grading is at work in {course.root}{who}. Wait until it is done, or end it; nothing gets lost. "
        "Then give this command again."
    )
