"""Points by hand in the Formgrader, and then a grading again: they stand, or wait for a look, and are never lost."""

import csv
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from autograder.course import Course
from tests.services.browser.chromium import PATIENCE
from tests.services.browser.formgrader_page import FormgraderPage, opened, resolved, saved, submission_of
from tests.services.browser.jupyter import Lab, jupyter_lab
from tests.services.conftest import CourseAt
from tests.services.monday.run import command
from tests.tools.course_folder import NAME, cell_of, place
from tests.tools.kept_reports import hand_in

pytestmark = [pytest.mark.simulator, pytest.mark.slow, pytest.mark.sampled(0)]  # it takes minutes on a busy machine

OWN = "ring_report"
CHECK, OWN_CHECK = "test_execute", "test_report"
FIRST = 'again if they got lost", 1)'
"""The end of the line of the first check in a new assignment: it is worth one point."""


@pytest.fixture(scope="module")
def lab(course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """An instructor's JupyterLab in a course folder with an assignment of the instructor's own."""
    folder = tmp_path_factory.mktemp("regraded")
    course = course_at(folder / "course")
    hand_in(course, "ada")
    command(course, 0, "autograder", "new", OWN)
    command(course, 0, "autograder", "release", OWN)
    command(course, 0, "autograder", "solve", OWN, "-o", str(place(course, "ada", OWN)))
    command(course, 0, "autograder", "grade", "--no-feedback")
    with jupyter_lab(course.root, folder / "jupyter") as lab:
        yield lab


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def graded(course: Course, name: str, *options: str, status: int = 0) -> str:
    """The grade of ada's submission, as Canvas gets it, after it was graded again."""
    command(course, status, "autograder", "grade", name, "--no-feedback", *options)
    with (course.root / "grades-canvas.csv").open(encoding="utf-8", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["SIS Login ID"] == "ada"]
    return row[name]


def test_grading_again_keeps_points_by_hand_and_autograding_in_the_formgrader_asks_for_a_look(
    lab: Lab, page: Page
) -> None:
    course = Course(lab.root)
    address = submission_of(page, lab, "ada")
    opened(page, address, CHECK)
    saved(page, "grade", page.locator(f"#{CHECK}.score"), "1")
    assert graded(course, NAME) == "9"
    assert graded(course, NAME, "--force") == "9"
    command(course, 0, "nbgrader", "autograde", NAME)  # passes over what is graded
    assert graded(course, NAME) == "9"

    formgrader = FormgraderPage(page, lab)
    formgrader.press(formgrader.row(NAME), "num-submissions")
    submission = formgrader.row("ada")
    formgrader.press(submission, "autograde")  # it forces
    assert "Successfully autograded" in formgrader.told()
    expect(submission.locator(".status")).to_have_text("needs manual grading")
    assert graded(course, NAME, status=1) == ""
    opened(page, address, CHECK)
    resolved(page, 1)
    assert graded(course, NAME) == "9"


def test_points_by_hand_wait_for_a_look_when_the_rubric_has_other_points(lab: Lab, page: Page) -> None:
    course = Course(lab.root)
    address = submission_of(page, lab, "ada", OWN)
    opened(page, address, OWN_CHECK)
    assert page.locator(f"#{OWN_CHECK}.score").get_attribute("placeholder") == "4"
    saved(page, "grade", page.locator(f"#{OWN_CHECK}.score"), "3")
    assert graded(course, OWN) == "3"

    worth(course, 3)
    command(course, 0, "autograder", "release", OWN)
    assert graded(course, OWN, status=1) == ""
    opened(page, address, OWN_CHECK)
    expect(page.locator(f"#{OWN_CHECK}.score")).to_have_value("3")
    expect(page.get_by_text("/ 6").first).to_be_visible()
    resolved(page, 1)
    assert graded(course, OWN) == "3"
    saved(page, "grade", page.locator(f"#{OWN_CHECK}.score"), "")
    assert graded(course, OWN) == "6"


def worth(course: Course, points: int) -> None:
    """Let the first check of the instructor's own assignment be worth these points, instead of one."""
    exercises: Path = course.source(OWN).with_name(f"{OWN}_exercises.py")
    text = exercises.read_text(encoding="utf-8")
    assert FIRST in text
    exercises.write_text(text.replace(FIRST, FIRST.replace("1", str(points))), encoding="utf-8")
    notebook = nbformat.read(course.source(OWN), as_version=4)
    cell_of(notebook, OWN_CHECK).metadata.nbgrader.points += points - 1
    nbformat.write(notebook, course.source(OWN))
