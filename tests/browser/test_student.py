"""A student at work in JupyterLab: a wrong answer, its hint, the right answer, Validate, and the stop button."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser, Locator, expect

from autograder.submission.percent import put_parts, read_parts
from tests.browser.jupyter import Lab, jupyter_lab
from tests.browser.notebook_page import PATIENCE, NotebookPage
from tests.course_folder import CHECKOUT, NAME
from tests.notebook.cells import ENDLESS

pytestmark = [pytest.mark.simulator, pytest.mark.slow]

WRONG = CHECKOUT.root / "tests" / "samples" / "mistakes" / "execute_targets_none" / "submission.py"
ANSWERS = {part.grade_id: part for part in read_parts((CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text("utf-8"))}
SOLVED, INTERRUPTED = "solved.ipynb", "interrupted.ipynb"


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A student's JupyterLab, in a folder with what is handed out and two more notebooks made of it."""
    folder = tmp_path_factory.mktemp("student")
    handed_out = CHECKOUT.release(NAME)
    work = shutil.copytree(handed_out.parent, folder / "work")
    shutil.copy(handed_out, work / INTERRUPTED)
    nbformat.write(solved_without_experiments(handed_out), work / SOLVED)
    with jupyter_lab(work, folder / "jupyter") as lab:
        yield lab


def solved_without_experiments(released: Path) -> NotebookNode:
    """The notebook with all answers. Validate runs every cell, and the experiments would take most of its time."""
    notebook = put_parts(nbformat.read(released, as_version=4), ANSWERS.values())
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader")]
    return notebook


def test_a_wrong_answer_gets_a_hint_and_the_right_one_passes(lab: Lab, browser: Browser, pictures: Path) -> None:
    notebook = NotebookPage(browser.new_page(), lab, f"{NAME}.ipynb")
    notebook.run(notebook.cell("imports"))
    notebook.run(notebook.cell("simple_controller"))
    (wrong,) = read_parts(WRONG.read_text("utf-8"))

    shown = answer_and_check(notebook, wrong.source)
    expect(shown).to_contain_text("not yet")
    expect(shown).to_contain_text("2 of 4 points")
    expect(shown).to_contain_text("targets=None")  # the hint
    expect(shown.get_by_role("img")).to_be_visible()
    notebook.page.screenshot(path=pictures / "student-failed.png")

    shown = answer_and_check(notebook, ANSWERS["execute"].source)
    expect(shown).to_contain_text("4 of 4 points")
    expect(shown).not_to_contain_text("not yet")
    notebook.page.screenshot(path=pictures / "student-passed.png")
    notebook.close()


def answer_and_check(notebook: NotebookPage, source: str) -> Locator:
    """Type an answer to the first exercise and check it. Return what its check shows."""
    cell = notebook.cell("execute")
    notebook.type(cell, source)
    notebook.run(cell)
    return notebook.run(notebook.cell("test_execute"))


def test_validate_says_success(lab: Lab, browser: Browser, pictures: Path) -> None:
    notebook = NotebookPage(browser.new_page(), lab, SOLVED)
    notebook.press("Validate")
    dialog = notebook.page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    notebook.page.screenshot(path=pictures / "student-validated.png")
    expect(dialog).to_contain_text("Success! Your notebook passes all the tests.")
    notebook.close()


def test_interrupt_ends_a_run_and_leaves_the_kernel_usable(lab: Lab, browser: Browser, pictures: Path) -> None:
    notebook = NotebookPage(browser.new_page(), lab, INTERRUPTED)
    notebook.run(notebook.cell("imports"))
    notebook.run(notebook.cell("simple_controller"))
    notebook.type(notebook.cell("execute"), ENDLESS)
    notebook.run(notebook.cell("execute"))
    before = set(lab.started())

    run = notebook.new_cell("course.run(TalkingExecutor)")
    notebook.start(run)
    expect(run).to_contain_text("Step 3 of 5: the exercise runs", timeout=PATIENCE)
    of_the_run = set(lab.started()) - before
    assert of_the_run
    notebook.press("Interrupt the kernel")
    expect(run).to_contain_text("Stopped. Nothing of the run is left behind", timeout=PATIENCE)
    assert not [process for process in of_the_run if psutil.pid_exists(process.pid)]
    assert set(lab.started()) == before

    notebook.page.screenshot(path=pictures / "student-interrupted.png")
    expect(notebook.run(notebook.new_cell("1 + 1"))).to_contain_text("2")
    notebook.close()
