"""Reads from and writes to nbgrader's gradebook what nbgrader does not do itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

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
