"""A submission on its way to another process or machine: with it goes everything that grading it takes.

Grading is a pure function, so it does not matter where it happens. `run_remote_job` is that function, made of a
module's name and plain data, so any ``concurrent.futures`` executor can carry it out.
"""

import socket
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder import assignments
from autograder.course import Course, CourseError
from autograder.grading.cache_key import judging_code, parts_for_grading
from autograder.grading.grade import grade_submission
from autograder.report import json_form
from autograder.rubric.model import Assignment
from autograder.simulator.limits import Limits
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.submission.model import Submission

Files = tuple[tuple[str, bytes], ...]
"""Paths below a course folder, and what is in them."""


@dataclass(frozen=True)
class RemoteJob:
    """Everything that grading one submission takes.

    Attributes:
        files: the parts of the course folder that grading needs.
        key: the submission's content key, for the report.
        judging: a hash of the code that judges: wherever it is graded, it has to be the same.
    """

    assignment: str
    files: Files
    submission: Submission
    key: str
    limits: Limits
    unsandboxed: bool
    judging: str


def pack(submission: Submission, assignment: Assignment, course: Course, key: str, settings: RunSettings) -> RemoteJob:
    """Return a submission with everything that grading it needs.

    Raises:
        CourseError: when the course folder lacks a part of the assignment.
    """
    return RemoteJob(
        assignment=assignment.name,
        files=tuple(
            (path.relative_to(course.root).as_posix(), path.read_bytes())
            for path in parts_for_grading(course, assignment.name)
        ),
        submission=submission,
        key=key,
        limits=settings.limits,
        unsandboxed=settings.isolation is Isolation.NONE,
        judging=judging_code(),
    )


def run_remote_job(job: RemoteJob) -> str:
    """Grade a submission wherever this is called. Return the report, in the form of `autograder.report.json_form`.

    Raises:
        CourseError: when this is another version of the package, or there is no sandbox here.
    """
    if judging_code() != job.judging:
        raise CourseError(
            f"the autograder on {socket.gethostname()} is not the one that grades this class. "
            "Install the same version on every machine."
        )
    course = Course(_unpacked(job.files))
    settings = RunSettings(RunSettings.for_grading(unsandboxed=job.unsandboxed).isolation, job.limits)
    assignment = assignments.load_in(course, job.assignment)
    return json_form.dumps(grade_submission(job.submission, assignment, course, key=job.key, settings=settings))


@cache
def _unpacked(files: Files) -> Path:
    """Return a folder with these files, made once for a process and removed with it."""
    folder = tempfile.TemporaryDirectory(prefix="autograder-course-")
    _kept.append(folder)
    for name, content in files:
        path = Path(folder.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Path(folder.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []
"""Folders that are removed when this process ends."""
