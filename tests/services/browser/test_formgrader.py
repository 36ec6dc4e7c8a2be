"""An instructor in nbgrader's Formgrader: generate, preview, autograde, look at a submission, read the feedback."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.services.browser.chromium import PATIENCE
from tests.services.browser.formgrader_page import FormgraderPage
from tests.services.browser.jupyter import Lab, jupyter_lab
from tests.services.browser.student import hint, mistake
from tests.services.conftest import CourseAt
from tests.tools.course_folder import NAME, cell_of, place, solved

pytestmark = [pytest.mark.simulator, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(browser: Browser, course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """An instructor's JupyterLab in a course folder with two submissions, of which one has a mistake."""
    folder = tmp_path_factory.mktemp("instructor")
    course = course_at(folder / "course")
    nbformat.write(solved(course), place(course, "ada"))
    mistaken = solved(course)
    cell_of(mistaken, "execute").source = mistake("execute_targets_none")["execute"]
    nbformat.write(mistaken, place(course, "ben"))
    with jupyter_lab(course.root, folder / "jupyter") as lab:
        yield lab


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a window that can open more of them."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_an_instructor_generates_previews_and_grades(lab: Lab, page: Page, pictures: Path) -> None:
    formgrader = FormgraderPage(page, lab)
    generate_and_preview(formgrader, lab, pictures)
    autograde(formgrader, pictures)
    look_at_the_submission(formgrader, pictures)
    read_the_feedback(page, lab, pictures)


def generate_and_preview(formgrader: FormgraderPage, lab: Lab, pictures: Path) -> None:
    notebook = lab.root / "release" / NAME / f"{NAME}.ipynb"
    before = notebook.read_bytes()
    assignment = formgrader.row(NAME)
    expect(assignment.locator(".num-submissions")).to_have_text("2")
    formgrader.press(assignment, "assign")
    assert "Successfully created the student version" in formgrader.told()
    assert notebook.read_bytes() == before, "what the button generates is what the command generates"

    formgrader.press(formgrader.row(NAME), "preview")
    files = formgrader.page.locator(".jp-DirListing-content")
    expect(files.get_by_text("requirements.txt")).to_be_visible()
    formgrader.page.screenshot(path=pictures / "formgrader-assignments.png")


def autograde(formgrader: FormgraderPage, pictures: Path) -> None:
    formgrader.press(formgrader.row(NAME), "num-submissions")
    submission = formgrader.row("ben")
    expect(submission).to_contain_text("needs autograding")
    formgrader.press(submission, "autograde")
    told = formgrader.told()
    assert "Successfully autograded" in told, told
    expect(submission.locator(".status")).to_have_text("graded")
    expect(submission.locator(".score")).to_have_text("10 / 12")
    expect(formgrader.row("ada").locator(".status")).to_have_text("needs autograding")

    formgrader.press(submission, "generate-feedback")
    told = formgrader.told()
    assert "Successfully generated feedback" in told, told
    formgrader.page.screenshot(path=pictures / "formgrader-submissions.png")


def look_at_the_submission(formgrader: FormgraderPage, pictures: Path) -> None:
    formgrader.press(formgrader.row("ben"), "student-name")
    formgrader.row(NAME).get_by_role("link", name=NAME).click()
    shown = formgrader.frame.locator("body")
    expect(shown).to_contain_text("Submission #1")
    scores = formgrader.frame.locator("input.score")
    expect(scores).to_have_count(3)
    # The score that was given stands in the field as a hint, and makes room for one that an instructor types.
    assert [field.get_attribute("placeholder") for field in scores.all()] == ["2", "4", "4"]
    rubric = formgrader.frame.get_by_text("Every other client receives a hello from your site").first
    rubric.scroll_into_view_if_needed()
    expect(rubric).to_be_visible()
    run = formgrader.frame.locator('img[alt*="The same in words follows"]').first
    expect(run).to_have_css("border-top-style", "none")  # the Formgrader's own style would make it red
    formgrader.page.screenshot(path=pictures / "formgrader-submission.png")


def read_the_feedback(page: Page, lab: Lab, pictures: Path) -> None:
    feedback = page.context.new_page()
    feedback.goto(lab.url(f"files/feedback/ben/{NAME}/{NAME}.html"))
    assert feedback.locator("h1").first.inner_text() == f"Feedback: {NAME}"
    assert "10 of 12 points" in feedback.locator("#top").inner_text()
    assert hint("execute_targets_none") in feedback.locator(".next").first.inner_text()
    feedback.screenshot(path=pictures / "formgrader-feedback.png")
