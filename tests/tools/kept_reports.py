"""Submissions that were graded beforehand, in a manner of speaking: their reports are kept by content."""

from collections.abc import Callable, Collection
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import assignments
from autograder.course import Course
from autograder.grading.cache_key import content_key
from autograder.grading.store import FOLDER, Store
from autograder.report.model import CheckResult, ExerciseReport, Report, Verdict
from autograder.simulator.run_settings import RunSettings
from autograder.submission.read import read_submission
from tests.tools.course_folder import NAME, cell_of, place, released, solved

ASSIGNMENT = assignments.load(NAME)


def hand_in(
    course: Course,
    student: str,
    handed_in: str = "",
    remark: str = "",
    untouched: Collection[str] = (),
    change: Callable[[NotebookNode], object] = lambda notebook: None,
) -> None:
    """Hand in the model answers, without those that are untouched, and keep their report.

    Args:
        handed_in: what its ``timestamp.txt`` says; there is none when it is empty.
        remark: what makes it another notebook.
        change: changes the notebook before it is handed in.
    """
    notebook = solved(course)
    for name in untouched:
        cell_of(notebook, name).source = cell_of(released(course), name).source
    cell_of(notebook, "execute").source += f"\n# {remark}"
    change(notebook)
    path = place(course, student)
    nbformat.write(notebook, path)
    if handed_in:
        path.with_name("timestamp.txt").write_text(handed_in)
    keep(course, path.parent, untouched)


def keep(course: Course, folder: Path, untouched: Collection[str] = ()) -> None:
    """Keep the report of a submission, in which all exercises pass but those that are untouched."""
    reports = []
    for exercise in ASSIGNMENT.exercises:
        verdict = Verdict.NOT_PASSED if exercise.name in untouched else Verdict.PASSED
        checks = tuple(
            CheckResult(c.name, c.title, c.points * (verdict is Verdict.PASSED), c.points, verdict, "", "")
            for c in exercise.checks
        )
        reports.append(ExerciseReport(exercise.name, exercise.title, exercise.check_cell, verdict, checks))
    key = content_key(read_submission(folder, ASSIGNMENT, course), ASSIGNMENT, course, RunSettings.for_grading())
    overall = Verdict.NOT_PASSED if untouched else Verdict.PASSED
    Store(course.root / FOLDER, NAME).put(Report(NAME, key, overall, tuple(reports)))
