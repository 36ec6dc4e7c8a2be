"""The submissions that there are, as nbgrader's directory structure lays them out."""

import errno
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from dateutil.tz import gettz
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import full_split, parse_utc

from autograder.course import CourseError
from autograder.nbgrader_plugin.stamp import TIMESTAMP
from autograder.roster.spans import moment
from autograder.submission.file import is_named_like
from autograder.submission.model import Problem

_STUDENT = "{student_id}"
SECRET = "submission_secret.txt"
"""The file in which nbgrader's exchange has a random text for each submission."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ZONE = re.compile(r"(?!AM$|PM$)[a-z_/]+|[+-]\d\d([1-5]\d)?", re.IGNORECASE)

_LONGEST = 1000
"""Bytes that are read of a file with a time or a secret. nbgrader's secrets have 128."""


@dataclass(frozen=True)
class Submitted:
    """The submission of one student.

    Attributes:
        student: the student's id, taken from the folder's name.
        folder: the submission's folder, which need not be a readable folder.
        refused: why nbgrader cannot take it, whatever is in it; None when it can.
    """

    student: str
    folder: Path
    refused: Problem | None = None


def submissions(coursedir: CourseDirectory, assignment: str) -> list[Submitted]:
    """Return all submissions of an assignment by student id, without folders that lack the assignment.

    Raises:
        CourseError: when the folder that holds the students' folders cannot be read.
    """
    parts = [
        part.format(nbgrader_step=coursedir.submitted_directory, assignment_id=assignment, student_id=_STUDENT)
        for part in full_split(coursedir.directory_structure)
    ]
    found = [
        _submitted(coursedir, assignment, student, folder)
        for student, folder in _below(Path(coursedir.root), parts, "", assignment)
    ]
    return sorted(found, key=lambda one: one.student)


def _below(folder: Path, parts: list[str], student: str, assignment: str) -> Iterator[tuple[str, Path]]:
    """Yield ids and folders that fit the directory structure, one part of which is the student's id."""
    if not parts:
        yield student, folder
        return
    part, rest = parts[0], parts[1:]
    if _STUDENT not in part:
        below = folder / part
        if _may_be_there(below):
            yield from _below(below, rest, student, assignment)
        elif student and not rest and (other := _in_another_case(below)):
            yield student, other
        elif student and not rest and _holds_notebook(folder, assignment):
            yield student, below
        return
    before, _, after = part.partition(_STUDENT)
    pattern = re.compile(f"{re.escape(before)}(.+){re.escape(after)}", re.DOTALL)
    for name in _names_in(folder):
        if match := pattern.fullmatch(name):
            yield from _below(folder / name, rest, match[1], assignment)


def _may_be_there(path: Path) -> bool:
    """Return whether something exists, or may exist in a folder that cannot be read."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _in_another_case(path: Path) -> Path | None:
    """Return what is there in place of a file or folder, under a name that differs only in capitals."""
    try:
        return next((one for one in path.parent.iterdir() if one.name.casefold() == path.name.casefold()), None)
    except OSError:
        return None


def _holds_notebook(folder: Path, assignment: str) -> bool:
    try:
        return any(is_named_like(path.name, assignment) for path in folder.iterdir())
    except OSError:
        return False


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise CourseError(f"{folder}, which holds the submissions, cannot be read: {error.strerror}.") from error


def _submitted(coursedir: CourseDirectory, assignment: str, student: str, folder: Path) -> Submitted:
    return Submitted(student, folder, _refusal(coursedir, assignment, student, folder))


def _refusal(coursedir: CourseDirectory, assignment: str, student: str, folder: Path) -> Problem | None:
    if not _may_be_there(folder):
        return Problem.fatal("folder.misplaced", folder=folder.parent.name, wanted=folder.name)
    if folder.name != assignment and folder.name.casefold() == assignment.casefold():
        return Problem.fatal("folder.capitals", folder=folder.name, wanted=assignment)
    try:
        student.encode()
    except UnicodeEncodeError:
        return Problem.fatal("folder.no_text")
    pattern = coursedir.format_path(
        coursedir.submitted_directory, "(?P<student_id>.*)", "(?P<assignment_id>.*)", escape=True
    )
    match = re.match(pattern, str(folder))
    if match is None or match.groupdict() != {"student_id": student, "assignment_id": assignment}:
        return Problem.fatal("folder.no_student")
    return None


def bad_timestamp(folder: Path) -> Problem | None:
    """Return why nbgrader would fail at a submission's ``timestamp.txt``, or misread it; None when it would not."""
    try:
        text = read_timestamp(folder).decode().strip()
        if text and not _is_read_as_meant(text):
            raise ValueError(text)
    except OSError as error:
        return Problem.fatal("timestamp.unreadable", file=TIMESTAMP, error=error.strerror or str(error))
    except (ValueError, OverflowError):
        return Problem.fatal("timestamp.no_time", file=TIMESTAMP)
    return None


def _is_read_as_meant(text: str) -> bool:
    """Return whether nbgrader takes a time for what it says: it makes up what is missing, and passes over odd zones.

    Raises:
        ValueError, OverflowError: when it is none.
    """
    if _DAY.fullmatch(text):
        return bool(parse_utc(text))
    time, zone = text, "UTC"
    if text.count(" ") == 2:  # in nbgrader's form the third word is the name of a zone
        time, _, zone = text.rpartition(" ")
    if not _ZONE.fullmatch(zone):
        return False
    # nbgrader's own exchange may write CEST, +03 or +0545, which it takes for UTC: no whole class is refused for that.
    return bool(moment(time, gettz(zone) or UTC) == parse_utc(text)) or not zone[0].isalpha()


def read_timestamp(folder: Path) -> bytes:
    """Return the beginning of a submission's ``timestamp.txt``, enough for a time; empty when there is none.

    Raises:
        OSError: when it cannot be read, or is a link or no file.
    """
    return _beginning(folder / TIMESTAMP)


def read_secret(folder: Path) -> str:
    """Return what the exchange knows a submission by when feedback goes back; empty when there is nothing usable."""
    try:
        return _beginning(folder / SECRET).decode("ascii")
    except (OSError, ValueError):
        return ""


def _beginning(path: Path) -> bytes:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return b""
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is a link, or no file at all")
    with path.open("rb") as file:
        return file.read(_LONGEST)
