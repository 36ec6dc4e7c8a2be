"""No text of a student's lies over the results of a page, hides them or changes how they look, in a real browser."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import nbgrader
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from playwright.sync_api import Browser, Page

from tests.unit.nbgrader_plugin.test_feedback import notebook, rendered_page
from tests.unit.nbgrader_plugin.test_pages import formgrader_page
from tests.unit.nbgrader_plugin.text_attacks import COVERING, RUNNING
from tests.unit.report.rendered import partly_right

pytestmark = pytest.mark.slow

STATIC = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "static"
RESULTS = {"feedback": "#top, main > section", "formgrader": ".output_wrapper"}
"""What of a page tells the results."""

_COVERED = """selector => [...document.querySelectorAll(selector)].flatMap(block => {
    block.scrollIntoView();
    const box = block.getBoundingClientRect(), found = [];
    for (let x = box.left + 2; x < box.right - 2; x += 25)
        for (let y = Math.max(box.top, 60) + 2; y < Math.min(box.bottom, innerHeight) - 2; y += 25) {
            const seen = document.elementFromPoint(x, y);
            if (!block.contains(seen)) found.push(`${x} ${y} ${seen && seen.outerHTML.slice(0, 80)}`);
        }
    return found;
})"""
_ALARM = "window.alarm = []; for (const name of ['alert', 'open', 'fetch']) window[name] = () => alarm.push(name);"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 1600})
    page = context.new_page()
    page.add_init_script(_ALARM)
    yield page
    context.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pages are, with the styles and scripts that those of the Formgrader use."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "formgrader").mkdir()
    (folder / "formgrader" / "static").symlink_to(STATIC)
    return folder


def write(kind: str, made: NotebookNode, folder: Path) -> Path:
    path = folder / f"{kind}.html"
    path.write_text(rendered_page(made) if kind == "feedback" else formgrader_page(made, folder.as_uri()))
    return path


def shown(page: Page, kind: str, path: Path) -> list[bytes]:
    """How each part of the results looks. Nothing of a student's is where they are."""
    page.goto(path.as_uri())
    blocks = page.locator(RESULTS[kind])
    assert blocks.count() >= 1
    assert page.evaluate(_COVERED, RESULTS[kind]) == []
    assert page.evaluate("window.alarm") == []
    page.evaluate("scrollTo(0, 0)")
    return [block.screenshot() for block in blocks.all()]


def with_texts(texts: Iterable[str], place: int) -> NotebookNode:
    """A notebook with texts as a student could write them: in Markdown, in raw cells and as code."""
    made = notebook(partly_right())
    kinds = ((new_markdown_cell(text), new_raw_cell(text), new_code_cell(text)) for text in texts)
    made.cells[place:place] = chain.from_iterable(kinds)
    return made


@pytest.mark.parametrize("kind", RESULTS)
def test_the_results_look_as_they_do_without_any_of_them(kind: str, page: Page, folder: Path) -> None:
    attacks = (COVERING | RUNNING).values()
    plain = shown(page, kind, write(kind, with_texts(["plain"], place=3), folder))

    assert shown(page, kind, write(kind, with_texts(attacks, place=3), folder)) == plain
    shown(page, kind, write(kind, with_texts(attacks, place=0), folder))


def test_this_would_see_a_text_that_covers_the_results(page: Page, folder: Path) -> None:
    path = write("feedback", with_texts(["plain"], place=3), folder)
    path.write_text(path.read_text().replace("</main>", f"{COVERING['position']}</main>"))
    page.goto(path.as_uri())
    assert page.evaluate(_COVERED, RESULTS["feedback"])
