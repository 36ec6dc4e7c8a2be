"""Two students on one exchange: in the Formgrader work is handed out, collected, and given back to whose it is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from autograder.course import Course
from tests.services.browser.formgrader_page import FormgraderPage
from tests.services.browser.jupyter import Lab, jupyter_lab
from tests.services.conftest import CourseAt
from tests.services.monday.run import command
from tests.tools import needs
from tests.tools.course_folder import NAME, PATIENCE, cell_of, solved
from tests.tools.kept_reports import keep
from tests.tools.ordinary_user import as_user

pytestmark = [pytest.mark.slow, pytest.mark.sampled(0), needs.SANDBOX]  # it takes a minute on a busy machine

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "p2p"
c.Exchange.root = {exchange!r}
"""


@dataclass(frozen=True)
class Student:
    """A student with an account and a folder.

    Attributes:
        number: of a user that each Linux has.
        untouched: the exercises that the student leaves out.
    """

    name: str
    number: int
    untouched: tuple[str, ...]
    grade: str
    folder: Path

    def nbgrader(self, *arguments: str) -> None:
        """Give a command of nbgrader's."""
        done = subprocess.run(
            as_user(self.number, sys.executable, "-m", "nbgrader", *arguments, NAME),
            cwd=self.folder,
            env={"HOME": str(self.folder), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def hand_in(self, course: Course) -> None:
        """Fetch the assignment, answer it and submit it."""
        self.nbgrader("fetch_assignment")
        notebook = solved(course)
        cell_of(notebook, "execute").source += f"\n# by {self.name}"
        nbformat.write(notebook, self.folder / NAME / f"{NAME}.ipynb")
        self.nbgrader("submit")

    def feedback(self) -> str:
        """Fetch the page."""
        self.nbgrader("fetch_feedback")
        (page,) = (self.folder / NAME / "feedback").rglob("*.html")
        return page.read_text(encoding="utf-8")


@pytest.fixture
def lab(course_at: CourseAt, tmp_path: Path) -> Iterator[Lab]:
    """An instructor's JupyterLab, with an exchange of its own."""
    course = course_at(tmp_path / "course")
    with jupyter_lab(course.root, tmp_path / "jupyter") as lab:
        yield lab


@pytest.fixture
def students(lab: Lab, tmp_path: Path) -> list[Student]:
    """Two students; what they hand in was graded beforehand, in a manner of speaking."""
    both = [
        Student("daemon", 1, (), "12", tmp_path / "daemon"),
        Student("bin", 2, ("server_handler",), "8", tmp_path / "bin"),
    ]
    for one in both:
        one.folder.mkdir()
        (one.folder / "nbgrader_config.py").write_text(CONFIG.format(exchange=str(tmp_path / "jupyter" / "exchange")))
    return both


def test_two_students_hand_in_through_one_exchange_and_get_their_own_pages_back(
    lab: Lab, students: list[Student], browser: Browser
) -> None:
    course, page = Course(lab.root), browser.new_page(viewport={"width": 1400, "height": 1000})
    pressed(FormgraderPage(page, lab), "release", "Successfully released")
    for one in students:
        one.hand_in(course)
    formgrader = FormgraderPage(page, lab)
    pressed(formgrader, "collect", "Successfully collected")
    expect(formgrader.row(NAME).locator(".num-submissions")).to_have_text("2")
    for one in students:
        keep(course, course.root / "submitted" / one.name / NAME, one.untouched)
    command(course, 0, "autograder", "grade", NAME)
    formgrader = FormgraderPage(page, lab)
    pressed(formgrader, "release-feedback", "Successfully released feedback")
    for one, other in zip(students, students[::-1], strict=True):
        shown = one.feedback()
        assert f"{one.grade} of 12" in shown
        assert f"by {one.name}" in shown
        assert f"by {other.name}" not in shown
    page.close()


def pressed(formgrader: FormgraderPage, column: str, told: str) -> None:
    """Press what is in a column of the assignment's row, and read that it was done."""
    formgrader.press(formgrader.row(NAME), column)
    said = formgrader.told()
    assert told in said, said
