"""Grading with a memory: what was graded before is looked up instead of played again."""

from collections.abc import Callable
from dataclasses import replace

from autograder.course import Course
from autograder.grading.grade import grade_submission, problems_of
from autograder.grading.remote import RemoteGrader
from autograder.grading.store import Store
from autograder.report.model import Report
from autograder.rubric.model import Assignment
from autograder.simulator.run import Watcher
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox_pool import SandboxPool
from autograder.submission.model import Submission


def new_report(
    submission: Submission,
    key: str,
    assignment: Assignment,
    course: Course,
    store: Store,
    settings: RunSettings,
    watcher: Watcher | None = None,
    sandboxes: SandboxPool | None = None,
) -> Report:
    """Grade a submission, and keep its report if it is final. Exercises that the store has are not played again.

    Args:
        key: the submission's content key: see `autograder.grading.cache_key.content_key`.
        sandboxes: as in `grade_submission`.

    Raises:
        CourseError: when the course folder lacks a part of the assignment.
        OSError: when the report cannot be written.
    """
    report = grade_submission(
        submission,
        assignment,
        course,
        key=key,
        settings=settings,
        watcher=watcher,
        results=store,
        runs=store.runs,
        sandboxes=sandboxes,
    )
    store.put(report)
    return report


def with_problems(report: Report, submission: Submission) -> Report:
    """Return a kept report of the same content with the problems of this submission, which the key leaves out."""
    return replace(report, problems=problems_of(submission))


def remote_report(
    submission: Submission,
    key: str,
    assignment: Assignment,
    course: Course,
    store: Store,
    settings: RunSettings,
    remote: RemoteGrader,
    go_on: Callable[[], None],
) -> Report:
    """Have a submission graded by an executor, and keep its report if it is final.

    Args:
        key: as in `new_report`.

    Raises:
        CourseError: when the course folder lacks a part of the assignment, or the other machine cannot grade.
        OSError: when the report cannot be written.
    """
    report = remote.grade(submission, assignment, course, key, settings, go_on)
    store.put(report)
    return report
