"""Lists of grades in the columns that Moodle and Canvas import.

Both find a student by what the LMS itself knows, which is the ``lms_user_id`` or the ``email`` in nbgrader's gradebook:
`autograder.nbgrader_plugin.collect` records the first, and ``nbgrader db student`` adds or imports both. Where there is
neither, the student's id stands in the column for it. A submission without a grade, and a student without a submission,
stay empty, which changes nothing in the LMS. A late penalty is taken off, as in ``grades.csv``. No text is taken for a
formula by a spreadsheet.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import ExportPlugin

from autograder.atomic_file import replacing
from autograder.nbgrader_plugin.export import final_score
from autograder.nbgrader_plugin.lms_names import name_in
from autograder.report.table import safe_cell
from autograder.report.words import number

MOODLE_FILE, CANVAS_FILE = "grades-moodle.csv", "grades-canvas.csv"

MOODLE_GRADE = "Grade"
MOODLE_CHANGED = "Last modified (grade)"
"""Moodle takes a list for a grading worksheet only with this column. Empty, it is older than any grade in Moodle."""


class MoodleCsv(ExportPlugin):
    """Writes ``grades-moodle.csv``, for an assignment's "Upload grading worksheet" and for the import of the gradebook.

    The worksheet finds a student by ``Identifier``; for the gradebook one chooses a column. A worksheet is for one
    assignment, whose column is called ``Grade``. When several are exported, each column has its assignment's name.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file ``--to`` or ``grades-moodle.csv``."""
        assignments = _assignments(self, gradebook)
        titles = [MOODLE_GRADE] if len(assignments) == 1 else [safe_cell(one.name) for one in assignments]
        rows = [
            [*_moodle_student(student), *_grades(gradebook, assignments, student), ""]
            for student in _students(self, gradebook, assignments)
        ]
        header = ["Identifier", "Full name", "Email address", "ID number", *titles, MOODLE_CHANGED]
        _write(self.to or MOODLE_FILE, [header, *rows])


class CanvasCsv(ExportPlugin):
    """Writes ``grades-canvas.csv``, for the import of Canvas's gradebook.

    The column of an assignment has its name. Canvas asks which assignment it is, or makes one, when it knows no such
    name.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file ``--to`` or ``grades-canvas.csv``."""
        assignments = _assignments(self, gradebook)
        header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        possible = ["    Points Possible", *[""] * (len(header) - 1)]
        rows = [
            [*_canvas_student(student), *_grades(gradebook, assignments, student)]
            for student in _students(self, gradebook, assignments)
        ]
        _write(
            self.to or CANVAS_FILE,
            [
                [*header, *(safe_cell(one.name) for one in assignments)],
                [*possible, *(number(one.max_score) for one in assignments)],
                *rows,
            ],
        )


def _moodle_student(student: Student) -> list[str]:
    number = student.lms_user_id or ""
    name = name_in(student.id, number)
    full_name = " ".join(filter(None, (student.first_name, student.last_name))) or name
    # The number in a download's names is the participant's in that assignment, which is none of the student's own.
    identifier, id_number = (f"Participant {number}", "") if name else ("", number or student.id)
    return [safe_cell(text) for text in (identifier, full_name, student.email or "", id_number)]


def _canvas_student(student: Student) -> list[str]:
    number = student.lms_user_id or ""
    full_name = ", ".join(filter(None, (student.last_name, student.first_name))) or name_in(student.id, number)
    login = "" if number else student.id
    return [safe_cell(text) for text in (full_name or student.id, number, "", login, "")]


def _assignments(plugin: ExportPlugin, gradebook: Gradebook) -> list[Assignment]:
    """Return those that were asked for, else all."""
    wanted = set(map(str, plugin.assignment))
    return [one for one in gradebook.assignments if not wanted or one.name in wanted]


def _students(plugin: ExportPlugin, gradebook: Gradebook, assignments: Sequence[Assignment]) -> list[Student]:
    """Return those that were asked for, else all who handed in one of the assignments."""
    wanted = set(map(str, plugin.student))
    submitted = {submission.student_id for one in assignments for submission in one.submissions}
    return [one for one in gradebook.students if one.id in submitted and (not wanted or one.id in wanted)]


def _grades(gradebook: Gradebook, assignments: Iterable[Assignment], student: Student) -> list[str]:
    return [_grade(gradebook, assignment.name, student.id) for assignment in assignments]


def _grade(gradebook: Gradebook, assignment: str, student: str) -> str:
    try:
        score = final_score(gradebook.find_submission(assignment, student))
    except MissingEntry:
        return ""
    return "" if score is None else number(score)


def _write(path: str, rows: Iterable[Sequence[str]]) -> None:
    with replacing(Path(path)) as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)
