"""The class list that ``nbgrader export`` writes, without a grade where there is none, and what such lists share."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, Student
from nbgrader.plugins import ExportPlugin
from traitlets import Enum, TraitError
from traitlets.config import Config

from autograder.atomic_file import replacing
from autograder.course import CONFIG_NAME, CourseError
from autograder.nbgrader_plugin.absent import Absent, absent
from autograder.nbgrader_plugin.grades import Entered, all_entered
from autograder.nbgrader_plugin.lms_languages import DEFAULT, LANGUAGES, Language
from autograder.report.grade import Grade
from autograder.report.spreadsheet import ENCODING, safe_cell

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

ABSENT = {"raw_score": 0.0, "late_submission_penalty": 0.0, "score": 0.0}
"""What whoever has not handed in gets, if that is asked for."""


class CourseList(ExportPlugin):
    """A list of the class, in the columns and with the decimals of a language."""

    language = Enum(
        sorted(LANGUAGES),
        default_value=DEFAULT,
        help="The language of the spreadsheets in which the lists are opened, and of the Moodle that imports them.",
    ).tag(config=True)

    known: Mapping[str, Mapping[str, Entered]] = {}
    """What the gradebook has of an assignment's submissions, by its name, where that was read just before."""

    def entries(self, gradebook: Gradebook, assignment: Assignment) -> Mapping[str, Entered]:
        """Return what the gradebook has of an assignment's submissions, by student."""
        found = self.known.get(assignment.name)
        return all_entered(gradebook, assignment.name) if found is None else found

    @property
    def words(self) -> Language:
        """Return the words and signs of the list's language."""
        return LANGUAGES[self.language]

    def absent(self, gradebook: Gradebook, assignment: Assignment) -> Absent:
        """Return who gets 0 points for not having handed in. When the rules cannot be read, it ends the command."""
        app: Any = self.parent
        try:
            return absent(app.coursedir, gradebook, assignment)
        except CourseError as error:
            app.fail(str(error))
            raise


def language(config: Config) -> Language:
    """Return the language of the lists that a configuration asks for.

    Raises:
        CourseError: when there is no such language; the message lists those that there are.
    """
    try:
        return CourseList(config=config).words
    except TraitError as error:
        listed = ", ".join(sorted(LANGUAGES))
        raise CourseError(f"c.CourseList.language in {CONFIG_NAME} has to be one of: {listed}.") from error


class GradesCsv(CourseList):
    """Writes ``grades.csv`` with nbgrader's columns.

    It differs from nbgrader's own exporter in four points: a submission that waits for a person (it could not be
    graded, or an answer was not read yet) has an empty score; so has whoever has not handed in, unless
    ``roster/rules.toml`` says ``absent_get_zero = true``, with which all of the roster are in the list; spreadsheets
    show every letter, and decimals as decimals; and no text is taken for a formula by them.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file ``--to`` or ``grades.csv``."""
        dialect = self.words.dialect
        with replacing(Path(self.to or "grades.csv"), encoding=ENCODING) as file:
            writer = csv.DictWriter(file, COLUMNS, restval="", delimiter=dialect.delimiter, lineterminator="\n")
            writer.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in map(str, self.assignment):
                    continue
                away = self.absent(gradebook, assignment)
                entries = self.entries(gradebook, assignment)
                unknown = away.unknown
                without = {*away.students, *(one.id for one in unknown)}
                for student in (*gradebook.students, *unknown):
                    if not self.student or student.id in map(str, self.student):
                        entry = entries.get(student.id)
                        row = _row(assignment, student, entry, ABSENT if student.id in without else {})
                        writer.writerow({name: dialect.number(cell) for name, cell in row.items()})


def _row(
    assignment: Assignment, student: Student, entry: Entered | None, absent: Mapping[str, float]
) -> dict[str, Any]:
    row = {
        "assignment": safe_cell(assignment.name),
        "duedate": assignment.duedate,
        "student_id": safe_cell(student.id),
        "last_name": safe_cell(student.last_name or ""),
        "first_name": safe_cell(student.first_name or ""),
        "email": safe_cell(student.email or ""),
        "max_score": assignment.max_score,
    }
    return {**row, "timestamp": entry.handed_in, **_scores(entry.grade)} if entry else {**row, **absent}


def _scores(grade: Grade) -> dict[str, float]:
    if grade.points is None:
        return {}
    return {"raw_score": grade.before_penalty, "late_submission_penalty": grade.penalty, "score": grade.points}
