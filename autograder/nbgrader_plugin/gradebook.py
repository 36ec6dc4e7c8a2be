"""Reads from and writes to nbgrader's gradebook what nbgrader does not do itself."""

from collections.abc import Mapping
from datetime import UTC, datetime

from nbgrader.api import Gradebook, MissingEntry


def withhold(db_url: str, assignment: str, student: str) -> None:
    """Record that there is a submission which a person has to look at: it has no score by the autograder, not even 0.

    Scores and comments that a person gave stay.
    """
    with Gradebook(db_url) as gradebook:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(assignment, student)
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = None
                grade.needs_manual_grade = True
        gradebook.db.commit()


def is_scored(db_url: str, assignment: str, student: str) -> bool:
    """Return whether every check cell of a submission has a score by the autograder."""
    with Gradebook(db_url) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return False
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        return bool(grades) and all(grade.auto_score is not None for grade in grades)


def remember_lms_ids(db_url: str, lms_ids: Mapping[str, str]) -> None:
    """Record how an LMS knows students, by their id here. What a person has recorded stays."""
    with Gradebook(db_url) as gradebook:
        for student, lms_id in lms_ids.items():
            found = gradebook.update_or_create_student(student)
            found.lms_user_id = found.lms_user_id or lms_id
        gradebook.db.commit()


def checksums(db_url: str, assignment: str) -> dict[str, str]:
    """Return the checksums of an assignment's cells by ``grade_id``; nothing when the gradebook does not know it."""
    with Gradebook(db_url) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return {}
        return {cell.name: cell.checksum for cell in notebook.source_cells}


def maximum(db_url: str, assignment: str) -> float:
    """Return the most points that can be had for an assignment, without extra credit."""
    with Gradebook(db_url) as gradebook:
        return float(gradebook.find_assignment(assignment).max_score)


def due_date(db_url: str, assignment: str) -> datetime | None:
    """Return when an assignment is due, if the gradebook knows; nbgrader keeps all times in UTC."""
    with Gradebook(db_url) as gradebook:
        due = gradebook.find_assignment(assignment).duedate
    return due.replace(tzinfo=UTC) if due else None
