"""Reads from and writes to nbgrader's gradebook what nbgrader does not do itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from nbgrader.api import Gradebook, MissingEntry


@contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Save all that is done in the context at once, or nothing. nbgrader commits each step by itself."""
    session = gradebook.db
    commit, session.commit = session.commit, session.flush
    try:
        yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.commit = commit


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


def remember_lms_ids(db_url: str, lms_ids: Mapping[str, str], emails: Mapping[str, str] | None = None) -> None:
    """Record how an LMS knows students, and their e-mail addresses, by their id here. What a person recorded stays.

    Args:
        lms_ids: empty for whom the LMS gives none; one that was only taken from the id's end is removed then.
    """
    with Gradebook(db_url) as gradebook:
        for student, lms_id in lms_ids.items():
            found = gradebook.update_or_create_student(student)
            had = found.lms_user_id
            found.lms_user_id = None if not lms_id and had and student.endswith(f"_{had}") else had or lms_id or None
            found.email = found.email or (emails or {}).get(student) or None
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
