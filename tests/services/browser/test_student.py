"""A student at work in JupyterLab and Notebook 7: answers, hints, the view of a run, Validate, the stop button."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser, expect

from tests.services.browser.jupyter import Lab
from tests.services.browser.notebook_page import Notebook7Page, NotebookPage, words
from tests.services.browser.student import answers, handed_out, hint, mistake, solved_without_experiments, student_lab
from tests.tools.course_folder import NAME
from tests.unit.notebook.cells import ENDLESS

pytestmark = [pytest.mark.simulator, pytest.mark.slow]

SOLVED, IN_NOTEBOOK_7 = "solved.ipynb", "in-notebook-7.ipynb"


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A student's JupyterLab, in a folder with what is handed out and more notebooks made of it."""
    folder = tmp_path_factory.mktemp("student")
    work = handed_out(folder / "work")
    shutil.copy(work / f"{NAME}.ipynb", work / IN_NOTEBOOK_7)
    nbformat.write(solved_without_experiments(), work / SOLVED)
    with student_lab(work, folder / "jupyter") as lab:
        yield lab


@pytest.fixture(scope="module")
def notebook(lab: Lab, browser: Browser) -> Iterator[NotebookPage]:
    """A notebook in JupyterLab, with all answers, in which the cells above the first one have run."""
    notebook = NotebookPage(browser.new_page(), lab, SOLVED)
    notebook.run(notebook.cell("imports"))
    notebook.run(notebook.cell("simple_controller"))
    yield notebook
    notebook.close()


def test_a_student_does_not_have_what_instructors_have(notebook: NotebookPage, pictures: Path) -> None:
    page = notebook.page
    assert "Create Assignment" not in page.locator(".jp-SideBar").all_inner_texts()
    assert "Create Assignment" not in "".join(page.locator(".jp-SideBar").all_inner_texts())
    page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").click()
    page.screenshot(path=pictures / "student-menu.png")
    entries = page.locator(".lm-Menu-itemLabel").filter(has_text=re.compile(r"\S")).all_inner_texts()
    assert entries == ["Assignment List", "Course List"]
    page.keyboard.press("Escape")


def test_a_wrong_answer_gets_a_hint_and_the_right_one_passes(notebook: NotebookPage, pictures: Path) -> None:
    shown = notebook.answer_and_check("execute", mistake("execute_targets_none")["execute"])
    said = words(shown)
    assert "not yet" in said and "2 of 4 points" in said and hint("execute_targets_none") in said
    expect(shown.get_by_role("img")).to_be_visible()
    notebook.page.screenshot(path=pictures / "student-failed.png")
    whole = shown.get_by_text(hint("execute_targets_none")).first
    expect(shown.get_by_text("Follow step by step what happens at this place").first).to_be_visible()
    expect(whole).to_be_hidden()
    shown.locator("summary", has_text="The whole hint").first.press("Space")
    expect(whole).to_be_visible()
    notebook.page.screenshot(path=pictures / "student-whole-hint.png")

    said = words(notebook.answer_and_check("execute", answers()["execute"]))
    assert "4 of 4 points" in said and "not yet" not in said
    notebook.page.screenshot(path=pictures / "student-passed.png")


def test_in_notebook_7_a_check_is_seen_at_work_and_its_result_read(lab: Lab, browser: Browser, pictures: Path) -> None:
    notebook = Notebook7Page(browser.new_page(viewport={"width": 1000, "height": 1200}), lab, IN_NOTEBOOK_7)
    notebook.run(notebook.cell("imports"))
    notebook.run(notebook.cell("simple_controller"))
    notebook.type(notebook.cell("execute"), mistake("execute_one_target_missing")["execute"])
    notebook.run(notebook.cell("execute"))

    check = notebook.cell("test_execute")
    before = check.locator(".jp-InputPrompt").inner_text()
    notebook.start(check)
    expect(check).to_contain_text(re.compile(r"Step \d of 5"))  # whichever it is when it is looked at
    notebook.page.screenshot(path=pictures / "notebook-7-running.png")
    shown = notebook.wait_for(check, before)
    said = words(shown)
    assert "2 of 4 points" in said and hint("execute_one_target_missing") in said
    assert "Step" not in said, "the result has taken its place"
    picture = shown.get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("element => element.complete && element.naturalWidth > 0 && element.clientWidth >= 300")
    check.screenshot(path=pictures / "notebook-7-failed.png")

    assert "4 of 4 points" in words(notebook.answer_and_check("execute", answers()["execute"]))
    check.screenshot(path=pictures / "notebook-7-passed.png")
    notebook.close()


def test_validate_says_success(notebook: NotebookPage, pictures: Path) -> None:
    notebook.type(notebook.cell("execute"), answers()["execute"])
    notebook.press("Validate")
    dialog = notebook.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    notebook.page.screenshot(path=pictures / "student-validated.png")
    expect(dialog).to_contain_text("Success! Your notebook passes all the tests.")
    dialog.get_by_role("button").last.click()
    expect(dialog).to_be_hidden()


def test_interrupt_ends_a_run_and_leaves_the_kernel_usable(notebook: NotebookPage, lab: Lab, pictures: Path) -> None:
    notebook.type(notebook.cell("execute"), ENDLESS)
    notebook.run(notebook.cell("execute"))
    before = set(lab.started())

    run = notebook.new_cell("course.run(TalkingExecutor)")
    notebook.start(run)
    expect(run).to_contain_text("Step 3 of 5: the exercise runs")
    of_the_run = set(lab.started()) - before
    assert of_the_run
    notebook.press("Interrupt the kernel")
    expect(run).to_contain_text("Stopped. Nothing of the run is left behind")
    assert not [process for process in of_the_run if psutil.pid_exists(process.pid)]
    assert set(lab.started()) == before

    notebook.page.screenshot(path=pictures / "student-interrupted.png")
    expect(notebook.run(notebook.new_cell("1 + 1"))).to_contain_text("2")
