"""The run: collect, grade, points by hand, a second download, grade, pages; then the LMS reads what it is given."""

import csv
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from tests.services.monday.lms import Canvas, Lms, Moodle
from tests.services.monday.people import HAND_POINTS, MOODLE, Student, students
from tests.services.monday.uploads import NOTEBOOK, uploads
from tests.tools.course_folder import NAME, PATIENCE, place
from tests.tools.written_answers import give


@dataclass(frozen=True)
class Got:
    """What a student got.

    Attributes:
        grade: as the LMS reads it; None when it finds no line.
        told: what the instructor was told.
        page: the feedback page as the LMS gives it back; empty when there is none.
    """

    student: Student
    grade: str | None
    told: str
    page: str

    @property
    def is_right(self) -> bool:
        """Whether all of it is as the table says. Whoever has a grade by a download has a page that shows it."""
        shown = f"{self.grade} of 12" in self.page if self.grade and not self.student.by_mail else True
        absent = not self.student.hands_in
        return self.grade == self.student.grade and self.student.told in self.told and (shown or absent)


def monday(course: Course, lms_name: str, ordinary: int) -> list[Got]:
    """Play it in a course folder in which nobody has handed in anything, and return what each student got."""
    lms = (Moodle if lms_name == MOODLE else Canvas)(students(lms_name, ordinary))
    lms.write_roster(course)
    said = [_collected(course, lms, 0)]
    for one in lms.students:
        if one.by_mail:
            place(course, one.name).write_bytes(uploads(course, lms.name)[one.hands_in[0]][NOTEBOOK])
    command(course, 1, "autograder", "grade", NAME, "--no-feedback")
    for one in lms.students:
        if one.name in HAND_POINTS:
            give(course, lms.student_id(one), "test_execute", HAND_POINTS[one.name])
    said.append(_collected(course, lms, 1))
    said.append(command(course, 1, "autograder", "grade", NAME))
    command(course, 1, "autograder", "feedback", NAME, "--for", lms.name)
    return list(_got(course, lms, "\n".join(said)))


def _collected(course: Course, lms: Lms, number: int) -> str:
    """Collect a download; after the first, each has everything that was there before. Return what is said."""
    made = uploads(course, lms.name)
    archive = course.root / "downloaded" / NAME / "archive" / "download.zip"
    archive.parent.mkdir(parents=True, exist_ok=True)
    teams = set()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as download:
        for one in lms.students:
            if one.hands_in and not one.by_mail and one.team not in teams:
                what = one.hands_in[min(number, len(one.hands_in) - 1)]
                for path, content in lms.paths(one, what, made[what]):
                    download.writestr(path, content)
                teams |= {one.team} - {""}
    return command(course, 0, "nbgrader", "zip_collect", NAME, *(["--force"] if number else []))


def command(course: Course, status: int, module: str, *arguments: str) -> str:
    """Give a command in a course folder, which must end with this status and without a traceback; what it says."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == status, f"{module} {' '.join(arguments)}: {done.returncode}\n{said}"
    assert "Traceback" not in said, said
    return said


def _got(course: Course, lms: Lms, said: str) -> Iterator[Got]:
    rows = lms.read(course.root / f"grades-{lms.name}.csv")
    assert len(rows) == sum(one.grade is not None for one in lms.students) + lms.other_rows, "and nobody else's"
    pages = _pages(course.root / f"{NAME}-feedback-{lms.name}.zip", lms)
    checks = _checks(course.root / "checks.csv")
    for one in lms.students:
        name = lms.student_id(one)
        lines = [line for line in said.splitlines() if name in line or (one.team and one.team in line)]
        told = "\n".join([*lines, checks.get(name, checks.get(lms.listed_as(one), ""))])
        page = "" if one.by_mail else pages.get(lms.numbers[one.name], "")
        yield Got(one, lms.grade(rows, one), told, page)


def _pages(archive: Path, lms: Lms) -> dict[str, str]:
    with zipfile.ZipFile(archive) as opened:
        return {lms.owner(name): opened.read(name).decode() for name in opened.namelist()}


def _checks(file: Path) -> dict[str, str]:
    """By student the row of the list of all checks, as one text."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return {row[0].removeprefix("'"): "; ".join(row) for row in csv.reader(opened)}
