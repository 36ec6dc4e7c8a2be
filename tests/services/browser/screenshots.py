"""The pictures in the documents, made anew from the real thing: ``python -m tests.services.browser.screenshots``."""

import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Locator, Page

from autograder.assignments import load
from autograder.course import Course
from autograder.submission.percent import put_parts, read_parts
from tests.services.browser.chromium import launched
from tests.services.browser.notebook_page import NotebookPage
from tests.services.browser.student import answers, handed_out, mistake, student_lab
from tests.tools import needs
from tests.tools.course_folder import CHECKOUT, NAME, make_course, place, solved

PICTURES = CHECKOUT.root / "docs" / "pictures"
LARGEST = 300_000
"""Bytes that a picture may have: who reads the README loads all of them."""

_SAMPLES = CHECKOUT.samples(NAME)
_CLASS = {
    "ada": "",
    "ben": "mistakes/execute_one_target_missing",
    "chloe": "correct/multicast",
    "dmitri": "mistakes/execute_targets_none",
    "emeka": "mistakes/handler_wrong_log_text",
    "fatima": "",
    "goran": "mistakes/handler_never_registered",
    "hana": "mistakes/server_without_reply",
    "ines": "mistakes/broadcast_clients_only",
    "jonas": "mistakes/execute_targets_none",
    "kamala": "correct/helpers_in_own_cells",
    "lars": "mistakes/handler_raises",
}
"""A class for a picture: who handed in which sample; an empty name is the model answer."""
_ONE_WITH_A_MISTAKE = "ben"
_ON_A_BAD_NETWORK = """\
course.run(
    ReliableExecutor,
    faults=[
        course.fault("drop", sender="site-0", receiver="site-1", nths=(1, 2)),
        course.fault("lose_reply", sender="site-0", receiver="site-2", nths=(1,)),
        course.fault("late_start", sender="site-1", receiver="site-0", nths=(1,)),
        course.fault("delay", sender="site-2", receiver="site-3", seconds=0.1),
        course.fault("duplicate", sender="site-3", receiver="site-0"),
    ],
)"""
"""A run in which each sign of a fault is seen once."""


def main() -> None:
    """Make all pictures.

    Raises:
        SystemExit: when there is no browser, or a picture is too large.
    """
    path = needs.browser_path()
    if path is None:
        raise SystemExit("There is no Chromium on this machine; on Debian it is in the package chromium.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="autograder-pictures-") as folder, launched(path) as browser:
        take_notebook(browser, Path(folder, "student"))
        take_run(browser, Path(folder, "faults"), "reliable_messaging", "deliver", _ON_A_BAD_NETWORK)
        take_run(browser, Path(folder, "rounds"), "average_consensus", "exchange", "course.run(ConsensusExecutor)")
        take_class(browser, Path(folder, "course"))
    for picture in sorted(PICTURES.glob("*.png")):
        print(f"{picture.relative_to(CHECKOUT.root)}  {picture.stat().st_size // 1000} kB")
        if picture.stat().st_size > LARGEST:
            raise SystemExit(f"{picture.name} has more than {LARGEST // 1000} kB: crop it.")


def take_notebook(browser: Browser, folder: Path) -> None:
    """What a student sees after a check that failed, and after one that passed."""
    page = browser.new_page(viewport={"width": 900, "height": 1400})
    with student_lab(handed_out(folder / "work"), folder / "jupyter") as lab:
        notebook = NotebookPage(page, lab, f"{NAME}.ipynb")
        page.locator('.jp-SideBar [data-id="filebrowser"]').click()  # away with the list of files
        page.locator(".jp-DirListing").wait_for(state="hidden")
        notebook.run(notebook.cell("imports"))
        notebook.run(notebook.cell("simple_controller"))
        notebook.answer_and_check("execute", mistake("execute_one_target_missing")["execute"])
        _take_check(notebook, PICTURES / "notebook-failed.png")
        notebook.answer_and_check("execute", answers()["execute"])
        _take_check(notebook, PICTURES / "notebook-passed.png")
        notebook.close()


def take_run(browser: Browser, folder: Path, assignment: str, exercise: str, call: str) -> None:
    """What a run shows of the model answer of an exercise."""
    page = browser.new_page(viewport={"width": 900, "height": 1280})
    with student_lab(handed_out(folder / "work", assignment), folder / "jupyter") as lab:
        notebook = NotebookPage(page, lab, f"{assignment}.ipynb")
        notebook.run(notebook.cell("imports"))
        for given in load(assignment).given[1:]:
            notebook.run(notebook.cell(given))
        notebook.type(notebook.cell(exercise), answers(assignment)[exercise])
        notebook.run(notebook.cell(exercise))
        shown = notebook.run(notebook.new_cell(call))
        shown.get_by_role("img").screenshot(path=PICTURES / f"{folder.name}.png")
        notebook.close()


def _take_check(notebook: NotebookPage, path: Path) -> None:
    """The notebook from its tab down to the end of a check's output."""
    cell = notebook.cell("test_execute")
    cell.evaluate("element => element.scrollIntoView()")
    _take(notebook.page, path, below=cell)


def take_class(browser: Browser, folder: Path) -> None:
    """A feedback page, and who passed what on the class page, of a class that is graded for it."""
    course = _graded(folder)
    feedback = browser.new_page(viewport={"width": 900, "height": 1600})
    feedback.goto((course.root / "feedback" / _ONE_WITH_A_MISTAKE / NAME / f"{NAME}.html").as_uri())
    _take(feedback, PICTURES / "feedback.png", below=feedback.locator("main section img").first)
    page = browser.new_page(viewport={"width": 1360, "height": 900})
    page.goto((course.root / "class-report" / f"{NAME}.html").as_uri())
    page.locator("section[aria-labelledby=class]").screenshot(path=PICTURES / "class.png")
    feedback.close()
    page.close()


def _graded(folder: Path) -> Course:
    course = make_course(folder)
    for student, sample in _CLASS.items():
        parts = read_parts((_SAMPLES / sample / "submission.py").read_text(encoding="utf-8")) if sample else []
        nbformat.write(put_parts(solved(course), parts), place(course, student))
    for command in (["grade", NAME, "--jobs", "2"], ["report", NAME]):
        subprocess.run([sys.executable, "-m", "autograder", *command], cwd=course.root, check=False)
    return course


def _take(page: Page, path: Path, below: Locator) -> None:
    """A picture of what the window shows, down to the end of an element if that is in it."""
    window = page.viewport_size
    box = below.bounding_box()
    assert window and box
    height = min(window["height"], box["y"] + box["height"] + 16)
    page.screenshot(path=path, clip={"x": 0, "y": 0, "width": window["width"], "height": height})


if __name__ == "__main__":
    main()
