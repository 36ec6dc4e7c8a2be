"""Lists of grades in the columns that Moodle and Canvas import.

Both find a student by what the LMS itself knows, which is the ``lms_user_id`` or the ``email`` in nbgrader's gradebook:
`autograder.nbgrader_plugin.collect` records the first, and ``nbgrader db student`` adds or imports both. Where there is
neither, the student's id stands in the column for it: an e-mail address in the one for addresses. A submission without
a grade, and a student without a submission, stay empty, which changes nothing in the LMS. A late penalty is taken off,
as in ``grades.csv``. No text is taken for a formula by a spreadsheet; an id that could do nothing as a formula stays as
it is, since the LMS knows the student by it. Grades have a decimal point, which both read in any language.

Whoever has not handed in has no line, unless the rules in ``roster/`` say ``absent_get_zero = true``. Then everybody in
the roster who is absent has one, as the roster knows the person: by the number in this assignment, or by what else the
LMS goes by.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, Student
from nbgrader.plugins import ExportPlugin

from autograder.atomic_file import replacing
from autograder.nbgrader_plugin.absent import Absent, as_student, same_person
from autograder.nbgrader_plugin.export import CourseList
from autograder.nbgrader_plugin.grades import Entered
from autograder.nbgrader_plugin.lms_languages import Language
from autograder.nbgrader_plugin.lms_names import name_in
from autograder.report.spreadsheet import key_cell, safe_cell
from autograder.report.words import number

MOODLE_FILE, CANVAS_FILE = "grades-moodle.csv", "grades-canvas.csv"

_ZERO = "0"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class MoodleCsv(CourseList):
    """Writes ``grades-moodle.csv``, for an assignment's "Upload grading worksheet" and for the import of the gradebook.

    The worksheet finds a student by the participant's number; for the gradebook one chooses a column. A worksheet is
    for one assignment. When several are exported, each column has its assignment's name.

    Moodle passes over a grade that was changed in it after the time in the worksheet, and over every grade that it has
    already where there is no time. So the time of the export stands there: what somebody changes in Moodle afterwards
    is not overwritten.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file ``--to`` or ``grades-moodle.csv``."""
        words, now = self.words, datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        assignments = _assignments(self, gradebook)
        titles = [words.grade] if len(assignments) == 1 else [safe_cell(one.name) for one in assignments]
        rows = []
        for student, grades in _graded(self, gradebook, assignments):
            rows.append([*_moodle_student(student, words), *grades, now if any(grades) else ""])
        header = [words.identifier, "Full name", "Email address", "ID number", *titles, words.changed]
        _write(self.to or MOODLE_FILE, [header, *rows])


class CanvasCsv(CourseList):
    """Writes ``grades-canvas.csv``, for the import of Canvas's gradebook.

    The column of an assignment has its name. Canvas asks which assignment it is, or makes one, when it knows no such
    name.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file ``--to`` or ``grades-canvas.csv``."""
        assignments = _assignments(self, gradebook)
        header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        possible = ["    Points Possible", *[""] * (len(header) - 1)]
        rows = [[*_canvas_student(student), *grades] for student, grades in _graded(self, gradebook, assignments)]
        _write(
            self.to or CANVAS_FILE,
            [
                [*header, *(safe_cell(one.name) for one in assignments)],
                [*possible, *(number(one.max_score) for one in assignments)],
                *rows,
            ],
        )


def _moodle_student(student: Student, words: Language) -> list[str]:
    number = student.lms_user_id or ""
    name = name_in(student.id, number)
    full_name = " ".join(filter(None, (student.first_name, student.last_name))) or name
    # The number in a download's names is the participant's in that assignment, which is none of the student's own.
    known_by = "" if name else number or student.id
    address, id_number = (known_by, "") if _ADDRESS.fullmatch(known_by) else ("", known_by)
    participant = f"{words.participant}{number}" if name else ""
    return [participant, safe_cell(full_name), key_cell(student.email or address), key_cell(id_number)]


def _canvas_student(student: Student) -> list[str]:
    """Return the columns by which Canvas finds a student: its own number, else an id of the institution, else a login.

    Canvas reads a number from the beginning of what stands in its column ``ID``, so only a number may stand there.
    """
    known_by = student.lms_user_id or ""
    full_name = ", ".join(filter(None, (student.last_name, student.first_name))) or name_in(student.id, known_by)
    number = known_by if known_by.isascii() and known_by.isdecimal() else ""
    address = known_by if _ADDRESS.fullmatch(known_by) else ""
    of_institution = "" if number or address else known_by
    login = address or ("" if known_by else student.id)
    return [safe_cell(full_name or student.id), number, key_cell(of_institution), key_cell(login), ""]


def _assignments(plugin: ExportPlugin, gradebook: Gradebook) -> list[Assignment]:
    """Return those that were asked for, else all."""
    wanted = set(map(str, plugin.assignment))
    return [one for one in gradebook.assignments if not wanted or one.name in wanted]


def _graded(
    plugin: CourseList, gradebook: Gradebook, assignments: Sequence[Assignment]
) -> Iterator[tuple[Student, list[str]]]:
    """Yield those who were asked for, else all of whom there is anything to say, with a grade for each assignment."""
    wanted = set(map(str, plugin.student))
    entries = [plugin.entries(gradebook, one) for one in assignments]
    submitted = set().union(*entries)
    away = [plugin.absent(gradebook, one) for one in assignments]
    columns = list(zip(entries, away, strict=True))
    found = [
        (student, [_grade(there.get(student.id), student.id in out.students) for there, out in columns])
        for student in gradebook.students
        if student.id in submitted
    ]
    for student, grades in (*found, *_absent(away, submitted)):
        if not wanted or student.id in wanted:
            yield student, grades


def _grade(entry: Entered | None, is_absent: bool) -> str:
    if entry is None:
        return _ZERO if is_absent else ""
    return "" if entry.grade.points is None else number(entry.grade.points)


def _absent(away: Sequence[Absent], listed: Collection[str]) -> list[tuple[Student, list[str]]]:
    """Return who of the roster has no line yet, and is absent from one of the assignments at least."""
    rows: dict[object, tuple[Student, list[str]]] = {}
    for place, one in enumerate(away):
        there = {person for student, person in one.students.items() if student in listed}
        for person in one.people:
            if person not in there:
                row = rows.setdefault(same_person(person), (as_student(person), [""] * len(away)))
                row[1][place] = _ZERO
    return list(rows.values())


def _write(path: str, rows: Iterable[Sequence[str]]) -> None:
    with replacing(Path(path)) as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)
