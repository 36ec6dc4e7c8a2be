"""Reads grades from nbgrader's gradebook, in one place for all that shows or exports them."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.api import Grade as Entry
from sqlalchemy.engine import make_url
from sqlalchemy.orm import selectinload

from autograder import assignments
from autograder.nbgrader_plugin.trouble import gradebook_errors
from autograder.report.grade import Grade, Part


def grade_of(submission: SubmittedAssignment) -> Grade:
    """Return the grade of a submission in an open gradebook."""
    return _grade(submission, check_cells(submission.assignment.name))


@dataclass(frozen=True)
class Entered:
    """The entry of a submission in the gradebook.

    Attributes:
        mark: stands for all of it that a student gets to see: the same as long as that stays the same.
        handed_in: when the submission was handed in, in UTC; None where nothing says so.
    """

    grade: Grade
    mark: str
    handed_in: datetime | None


def entered(db_url: str, assignment: str, student: str) -> Entered | None:
    """Return what the gradebook has of a student's submission; None when it knows of none."""
    with Gradebook(db_url) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return None
        return _entered(submission, check_cells(assignment))


def class_entered(db_url: str, assignment: str) -> dict[str, Entered]:
    """Return what `entered` returns of every student; nothing when there is no gradebook yet.

    Raises:
        GradebookTrouble: when the gradebook cannot be read.
    """
    with gradebook_errors(db_url):
        if not is_there(db_url):
            return {}
        with Gradebook(db_url) as gradebook:
            return all_entered(gradebook, assignment)


def class_grades(db_url: str, assignment: str) -> dict[str, Grade]:
    """Return the grade of every submission that the gradebook has, by student; as `class_entered`."""
    return {student: found.grade for student, found in class_entered(db_url, assignment).items()}


def all_entered(gradebook: Gradebook, assignment: str) -> dict[str, Entered]:
    """Return what `entered` returns of every student, found in an open gradebook in a few queries for all of them."""
    checked = check_cells(assignment)
    of_notebooks = selectinload(SubmittedAssignment.notebooks)
    rows = (
        gradebook.db.query(SubmittedAssignment, Student.id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
        .filter(Assignment.name == assignment)
        .options(of_notebooks.selectinload(SubmittedNotebook.grades))
        .options(of_notebooks.selectinload(SubmittedNotebook.comments))
    )
    return {student: _entered(submission, checked) for submission, student in rows}


def is_there(db_url: str) -> bool:
    """Return whether there is a gradebook, without making one. Of one on a server only opening it would tell."""
    address = make_url(db_url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def check_cells(assignment: str) -> Collection[str] | None:
    """Return the cells that the grader gives points for; None for an assignment that is not the autograder's."""
    if assignment not in assignments.names():
        return None
    return [exercise.check_cell for exercise in assignments.load(assignment).exercises]


def _entered(submission: SubmittedAssignment, checked: Collection[str] | None) -> Entered:
    grade = _grade(submission, checked)
    comments = sorted((c.name, c.comment or "") for notebook in submission.notebooks for c in notebook.comments)
    mark = hashlib.sha256(repr((grade, comments)).encode("utf-8", "replace")).hexdigest()
    return Entered(grade, mark, submission.timestamp)


def _grade(submission: SubmittedAssignment, checked: Collection[str] | None) -> Grade:
    parts = tuple(part for notebook in submission.notebooks for part in _parts(notebook, checked))
    return Grade(parts, sum((notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks), 0.0))


def _parts(notebook: SubmittedNotebook, checked: Collection[str] | None) -> list[Part]:
    cells = notebook.notebook
    order = [cell.name for cell in cells.source_cells]
    written = {cell.name for cell in (*cells.solution_cells, *cells.task_cells)}
    parts = [
        _part(entry, entry.name in written if checked is None else entry.name not in checked)
        for entry in notebook.grades
    ]
    return sorted(parts, key=lambda part: order.index(part.name) if part.name in order else len(order))


def _part(entry: Entry, by_person: bool) -> Part:
    return Part(
        name=entry.name,
        max_points=entry.cell.max_score,
        by_rubric=entry.auto_score,
        by_hand=entry.manual_score,
        extra=entry.extra_credit or 0.0,
        by_person=by_person,
        waits=bool(entry.needs_manual_grade),
    )
