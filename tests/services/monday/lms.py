"""Moodle and Canvas: what they write into downloads and lists, and how they read what they are given."""

import csv
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.course import Course
from tests.services.monday.people import CANVAS, EXTENDED, MOODLE, Student
from tests.services.monday.uploads import TEXT
from tests.services.nbgrader_plugin.test_lms_feedback import as_canvas_reads, as_moodle_reads
from tests.tools.course_folder import NAME

DUE = "2030-01-01T12:00:00Z"
_IN_TIME, _LATE = '"Tuesday, 1 January 2030, 9:05 AM"', '"Wednesday, 2 January 2030, 10:05 AM"'


class Lms(ABC):
    """An LMS with a class in it.

    Attributes:
        other_rows: rows in its list of grades that are of no student.
        numbers: by name the number that the LMS has given to a student.
    """

    name: str
    first_number: int
    other_rows = 0

    def __init__(self, students: Sequence[Student]) -> None:
        """Take the students in."""
        self.students = students
        self.numbers = {one.name: str(number) for number, one in enumerate(students, start=self.first_number)}

    @abstractmethod
    def paths(self, student: Student, what: str, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """What a student's upload becomes in a download."""

    @abstractmethod
    def write_roster(self, course: Course) -> None:
        """Write the lists that it exports, and the course's rules."""

    @abstractmethod
    def student_id(self, student: Student) -> str:
        """What the student is called in the course folder."""

    def listed_as(self, student: Student) -> str:
        """What the student is called in the lists of the class."""
        return student.name

    @abstractmethod
    def grade(self, rows: Sequence[Mapping[str, str]], student: Student) -> str | None:
        """The grade that it reads for a student; empty for none, None when it finds no line."""

    @abstractmethod
    def owner(self, name: str) -> str:
        """The number of the student who gets a page with this name."""

    def read(self, file: Path) -> list[dict[str, str]]:
        """The rows of a list, by its headings."""
        with file.open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    def _address(self, student: Student) -> str:
        return student.name if "@" in student.name else f"{student.name.replace(' ', '.').lower()}@example.org"


class Moodle(Lms):
    """A Moodle: it numbers the participants of each assignment, and knows when each handed in."""

    name, first_number = MOODLE, 101

    def paths(self, student: Student, what: str, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """A folder for each student, and in one version in two a name instead; a team's has the group's number."""
        who = f"{student.team}_9" if student.team else f"{student.name}_{self.numbers[student.name]}"
        kind = "onlinetext" if what == TEXT else "file"
        between = "/" if int(self.numbers[student.name]) % 2 else "_"
        yield from ((f"{who}_assignsubmission_{kind}{between}{file}", content) for file, content in files.items())

    def write_roster(self, course: Course) -> None:
        """The participants with their groups, and the grading worksheet."""
        there = [one for one in self.students if " " in one.name]
        people = [f"{one.name.replace(' ', ',')},{self._address(one)},{one.team}" for one in there]
        listed = [
            f"Participant {self.numbers[one.name]},{one.name},{self._address(one)},"
            f"{'-' if not one.hands_in else _LATE if one.late else _IN_TIME}"
            for one in there
        ]
        _write(course, "class.csv", "First name,Last name,Email address,Groups", *people)
        _write(course, f"{NAME}.csv", "Identifier,Full name,Email address,Last modified (submission)", *listed)
        rules = ("absent_get_zero = true", "[late]", 'off = "10%"', f"[assignments.{NAME}]", f"due = {DUE}")
        _write(course, "rules.toml", *rules, f"[assignments.{NAME}.extensions]", f'"{EXTENDED}" = "2 days"')

    def student_id(self, student: Student) -> str:
        """Name and number."""
        return student.name if student.by_mail else f"{student.name}_{self.numbers[student.name]}"

    def grade(self, rows: Sequence[Mapping[str, str]], student: Student) -> str | None:
        """By the participant's number, as from a worksheet; else as its gradebook does."""
        if student.by_mail:
            column = "Email address" if "@" in student.name else "ID number"
            return _only(row["Grade"] for row in rows if row[column] == student.name)
        wanted = f"Participant {self.numbers[student.name]}"
        return _only(row["Grade"] for row in rows if row["Identifier"] == wanted)

    def owner(self, name: str) -> str:
        """The participant."""
        return str(as_moodle_reads(name)[0])


class Canvas(Lms):
    """A Canvas: it numbers users and uploads, and says who was late."""

    name, first_number, other_rows = CANVAS, 5001, 1

    def paths(self, student: Student, what: str, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """One file for each upload; what was typed in has no upload's number."""
        who = f"{self._name(student)}{'_LATE' * student.late}_{self.numbers[student.name]}"
        for number, (file, content) in enumerate(files.items(), start=9 * int(self.numbers[student.name])):
            yield f"{who}_{file}" if file in ("text.html", "link.html") else f"{who}_{number}_{file}", content

    def write_roster(self, course: Course) -> None:
        """The gradebook as it is exported."""
        there = [one for one in self.students if " " in one.name]
        people = [
            f'"{", ".join(one.name.split()[::-1])}",{self.numbers[one.name]},,{self._address(one)},A' for one in there
        ]
        _write(course, "class.csv", "Student,ID,SIS User ID,SIS Login ID,Section", "Points Possible,,,,", *people)

    def student_id(self, student: Student) -> str:
        """Name and number."""
        return student.name if student.by_mail else f"{self._name(student)}_{self.numbers[student.name]}"

    def listed_as(self, student: Student) -> str:
        """Last name first."""
        return ", ".join(student.name.split()[::-1])

    def grade(self, rows: Sequence[Mapping[str, str]], student: Student) -> str | None:
        """By the user's number; else by the login."""
        column, wanted = ("SIS Login ID", student.name) if student.by_mail else ("ID", self.numbers[student.name])
        return _only(row[NAME] for row in rows if row[column] == wanted)

    def owner(self, name: str) -> str:
        """The user."""
        return as_canvas_reads(name)[0]

    def _name(self, student: Student) -> str:
        if student.team:
            return student.team.lower().replace(" ", "_")
        return "".join(student.name.split()[::-1]).lower()


def _only(found: Iterator[str]) -> str | None:
    grades = list(found)
    assert len(grades) < 2, grades
    return grades[0] if grades else None


def _write(course: Course, name: str, *lines: str) -> None:
    folder = course.root / "roster"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
