"""A submission on its way through a grading: read once, graded once, then entered into nbgrader's gradebook."""

import contextlib
from dataclasses import dataclass, field

from autograder.course import Course
from autograder.grading.cache_key import content_key
from autograder.grading.report_cache import with_problems
from autograder.nbgrader_plugin.stamp import Mark, mark_of_files, stamp
from autograder.nbgrader_plugin.submitted import Submitted, bad_timestamp
from autograder.report.model import Report
from autograder.roster.terms import Terms
from autograder.rubric.model import Assignment
from autograder.simulator.run_settings import RunSettings
from autograder.submission.model import Submission
from autograder.submission.read import read_submission


@dataclass(frozen=True)
class ReadSubmission:
    """A submission that was read.

    Attributes:
        key: its content key: equal keys are graded once.
        files: what identifies the files from which it was read; empty where they could not be.
        terms: by when it had to be handed in.
    """

    submitted: Submitted
    content: Submission
    key: str
    files: Mark
    terms: Terms = field(default_factory=Terms)

    @property
    def student(self) -> str:
        """Return the student's id."""
        return self.submitted.student


@dataclass(frozen=True)
class GradedSubmission:
    """A submission with its report, which everybody downstream takes from here."""

    read: ReadSubmission
    report: Report

    @classmethod
    def of(cls, read: ReadSubmission, report: Report) -> "GradedSubmission":
        """Give a submission the report of equal content, with its own remarks, which are no part of the key."""
        return cls(read, with_problems(report, read.content))

    @property
    def submitted(self) -> Submitted:
        """Return what the student handed in."""
        return self.read.submitted

    @property
    def stamp(self) -> Mark:
        """Return what identifies its result: see `autograder.nbgrader_plugin.stamp`."""
        terms = {"terms": text} if (text := self.read.terms.text) else {}
        return stamp({**self.read.files, **terms}, self.report)


def read(
    submitted: Submitted, assignment: Assignment, course: Course, settings: RunSettings, terms: Terms
) -> ReadSubmission:
    """Read a submission.

    Raises:
        CourseError: when the course folder lacks a part of the assignment.
    """
    files: Mark = {}
    with contextlib.suppress(OSError):  # whoever reads the content says what is wrong
        files = mark_of_files(submitted.folder, assignment.name)
    content = _content(submitted, assignment, course)
    return ReadSubmission(submitted, content, content_key(content, assignment, course, settings), files, terms)


def _content(submitted: Submitted, assignment: Assignment, course: Course) -> Submission:
    if submitted.refused:
        return Submission((), (submitted.refused,))
    content = read_submission(submitted.folder, assignment, course)
    if not content.fatal and (trouble := bad_timestamp(submitted.folder)):
        return Submission((), (trouble,))
    return content
