"""An instructor gives points, extra credit and a comment in nbgrader's Formgrader: they are the grade everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.cli import main
from autograder.course import Course
from tests.services.browser.chromium import PATIENCE
from tests.services.browser.formgrader_page import opened, resolved, saved, submission_of
from tests.services.browser.jupyter import Lab, jupyter_lab
from tests.services.nbgrader_plugin.test_one_grade import page_of, regenerate, same_everywhere, wrote
from tests.tools.course_folder import NAME, make_course
from tests.tools.kept_reports import hand_in
from tests.tools.written_answers import ESSAY, add_to_source, essay

pytestmark = [pytest.mark.slow, pytest.mark.sampled(0)]  # it takes a minute; make cases plays it


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """An instructor's JupyterLab in a course folder with a submission whose essay nobody has read."""
    course = make_course(tmp_path / "course")
    add_to_source(course, essay())
    regenerate(course)
    hand_in(course, "ada", change=wrote("Since it is asked."))
    monkeypatch.chdir(course.root)
    assert main(["grade", NAME]) == 1
    with jupyter_lab(course.root, tmp_path / "jupyter") as lab:
        yield lab


def test_what_is_given_by_hand_is_the_grade_until_another_notebook_comes(lab: Lab, browser: Browser) -> None:
    course = Course(lab.root)
    assert same_everywhere(course, "ada") == ""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(PATIENCE)
    address = submission_of(page, lab, "ada")
    opened(page, address, ESSAY)
    saved(page, "grade", page.locator(f"#{ESSAY}.score"), "4")
    saved(page, "grade", page.locator("#test_execute.score"), "1")
    saved(page, "grade", page.locator("#test_execute_extra_credit"), "0.5")
    saved(page, "comment", page.locator(".comment").first, "Nearly there.")
    assert main(["grade", NAME]) == 0
    assert same_everywhere(course, "ada") == "13.5"
    assert "Nearly there." in page_of(course, "ada")

    hand_in(course, "ada", remark="a newer one", change=wrote("Since it is asked."))
    assert main(["grade", NAME]) == 1
    assert same_everywhere(course, "ada") == ""
    opened(page, address, ESSAY)
    resolved(page, 2)
    assert main(["grade", NAME]) == 0
    assert same_everywhere(course, "ada") == "13.5"
    page.close()
