"""The class list that ``nbgrader export`` writes, without a grade where there is none."""

import csv
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.plugins import ExportPlugin

from autograder.atomic_file import replacing
from autograder.nbgrader_plugin.grades import grade_of
from autograder.report.table import safe_cell

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
"""The columns of nbgrader's own CSV exporter."""


class GradesCsv(ExportPlugin):
    """Writes ``grades.csv`` with nbgrader's columns.

    It differs from nbgrader's own exporter in three points: a submission that waits for a person (it could not be
    graded, or an answer was not read yet) has an empty score; text with commas is quoted, in UTF-8; and no text is
    taken for a formula by a spreadsheet.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file ``--to`` or ``grades.csv``."""
        with replacing(Path(self.to or "grades.csv")) as file:
            writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in map(str, self.assignment):
                    continue
                for student in gradebook.students:
                    if not self.student or student.id in map(str, self.student):
                        writer.writerow(_row(gradebook, assignment, student))


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> dict[str, Any]:
    row = {
        "assignment": safe_cell(assignment.name),
        "duedate": assignment.duedate,
        "student_id": safe_cell(student.id),
        "last_name": safe_cell(student.last_name or ""),
        "first_name": safe_cell(student.first_name or ""),
        "email": safe_cell(student.email or ""),
        "max_score": assignment.max_score,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return {**row, "raw_score": 0.0, "late_submission_penalty": 0.0, "score": 0.0}
    return {**row, "timestamp": submission.timestamp, **_scores(submission)}


def final_score(submission: SubmittedAssignment) -> float | None:
    """Return the grade of a submission; None while it waits for a person."""
    return grade_of(submission).points


def _scores(submission: SubmittedAssignment) -> dict[str, float]:
    score = final_score(submission)
    if score is None:
        return {}
    return {
        "raw_score": submission.score,
        "late_submission_penalty": submission.late_submission_penalty,
        "score": score,
    }
