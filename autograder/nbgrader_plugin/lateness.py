"""Says how late each submission of a class is, in words for the table and the class page."""

import contextlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.nbgrader_plugin.config import CourseApp
from autograder.nbgrader_plugin.marks import read_marks
from autograder.nbgrader_plugin.submitted import Submitted, bad_timestamp, read_timestamp
from autograder.nbgrader_plugin.trouble import GradebookTrouble, gradebook_errors
from autograder.roster.class_list import ClassList
from autograder.roster.spans import in_words
from autograder.roster.terms import Terms

LATE = "late"


def lateness(app: CourseApp, course: Course, of_class: ClassList, submitted: Iterable[Submitted]) -> dict[str, str]:
    """Return how late submissions are, by student; nothing of those that are in time.

    Without a time, all that is known is whether the LMS has marked it as late. What the rules leave open the gradebook
    decides, if it can be read.
    """
    due: datetime | None = None
    extensions: dict[str, timedelta] = {}
    if of_class.rules.due(of_class.assignment) is None:
        with contextlib.suppress(GradebookTrouble):  # whoever has to write it tells of that
            due, extensions = _of_gradebook(app.coursedir.db_url, of_class.assignment)
    marked = read_marks(app, course.root, of_class.assignment)
    told = {}
    for one in submitted:
        terms = of_class.terms(one.student)
        handed_in = _handed_in(one)
        if handed_in is None:
            said = f"{LATE}, says the LMS" if one.student in marked else ""
        else:
            said = _late(handed_in, terms, terms.due or due, extensions.get(one.student))
        if said:
            told[one.student] = said
    return told


def _late(handed_in: datetime, terms: Terms, due: datetime | None, by_hand: timedelta | None) -> str:
    if due is None:
        return ""
    extension = terms.extended_by(due) if terms.decided else by_hand or timedelta()
    late = handed_in - due - extension
    if late <= timedelta():
        return ""
    remarks = []
    if extension:
        remarks.append(f"after {in_words(extension)} of extension")
    if late <= terms.rule.grace:
        remarks.append("within grace")
    return f"{LATE} by {in_words(late)}" + (f" ({', '.join(remarks)})" if remarks else "")


def _handed_in(submitted: Submitted) -> datetime | None:
    """Return when a submission was handed in, in UTC; None where nothing says so, or it cannot be read."""
    if submitted.refused or bad_timestamp(submitted.folder):
        return None
    text = read_timestamp(submitted.folder).decode().strip()
    found: datetime | None = parse_utc(text) if text else None
    return found


def _of_gradebook(db_url: str, assignment: str) -> tuple[datetime | None, dict[str, timedelta]]:
    """Return the due date of all, and the extensions of students that have any."""
    with gradebook_errors(db_url), Gradebook(db_url) as gradebook:
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            return None, {}
        return found.duedate, {one.student_id: one.extension for one in found.submissions if one.extension}
