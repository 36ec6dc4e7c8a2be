"""A notebook in JupyterLab or Notebook 7, as a person works with it: by names of cells, buttons, what is seen."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.services.browser.chromium import PATIENCE
from tests.services.browser.jupyter import Lab


class NotebookPage:
    """An open notebook.

    Attributes:
        page: the browser's page, for what is not in the notebook.
    """

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        """Open the notebook ``name`` of a server's folder, and wait until its kernel is ready."""
        self.page = page
        page.set_default_timeout(PATIENCE)
        self._places = _places(lab.root / name)
        page.goto(lab.url(self._path(name)))
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(self._places))
        self._wait_for_kernel()

    def _path(self, name: str) -> str:
        # A workspace of its own: JupyterLab would open what was open before beside it.
        return f"lab/workspaces/{Path(name).stem}/tree/{name}"

    def _wait_for_kernel(self) -> None:
        # The indicator in the toolbar says idle before there is a kernel, and what is run then is lost.
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("| Idle")

    def cell(self, grade_id: str) -> Locator:
        """The cell with this name."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self._places.index(grade_id))

    def code_cells(self) -> Iterator[tuple[str, Locator]]:
        """The names of all code cells, empty for one without, and the cells, from top to bottom."""
        cells = self.page.locator(".jp-Notebook .jp-Cell")
        for number, name in enumerate(self._places):
            if "jp-CodeCell" in (cells.nth(number).get_attribute("class") or ""):
                yield name, cells.nth(number)

    def type(self, cell: Locator, source: str) -> None:
        """Type a source into a cell, in the place of what is there."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)
        expect(cell.locator(".cm-content")).to_contain_text(source.rstrip().splitlines()[-1].strip())

    def start(self, cell: Locator) -> None:
        """Run a cell, and wait for nothing.

        By the menu: JupyterLab loads its keyboard shortcuts some time after the notebook can be used, and until then
        nobody hears a key.
        """
        cell.locator(".jp-InputPrompt").click()
        expect(cell).to_have_class(re.compile(r"\bjp-mod-active\b"))
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
        self.page.locator(".lm-Menu-itemLabel", has_text="Run Selected Cell and Do not Advance").click()

    def run(self, cell: Locator) -> Locator:
        """Run a cell to its end. Return its outputs."""
        before = cell.locator(".jp-InputPrompt").inner_text()
        self.start(cell)
        return self.wait_for(cell, before)

    def wait_for(self, cell: Locator, before: str) -> Locator:
        """Wait for the end of a cell that was started; ``before`` stood beside it until then. Return its outputs."""
        prompt = cell.locator(".jp-InputPrompt")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"))
        return cell.locator(".jp-Cell-outputArea")

    def answer_and_check(self, exercise: str, source: str) -> Locator:
        """Type an answer to an exercise, and run its check. Return what the check shows."""
        cell = self.cell(exercise)
        self.type(cell, source)
        self.run(cell)
        return self.run(self.cell(f"test_{exercise}"))

    def new_cell(self, source: str) -> Locator:
        """A new cell in the end of the notebook."""
        cells = self.page.locator(".jp-Notebook .jp-Cell")
        there = cells.count()
        self.page.locator(".jp-Notebook-footer").click()
        expect(cells).to_have_count(there + 1)
        self.type(cells.last, source)
        return cells.last

    def press(self, label: str) -> None:
        """Press a button of the notebook's toolbar."""
        self.page.locator(".jp-NotebookPanel-toolbar").get_by_role("button", name=label).click()

    def close(self) -> None:
        """Close the page; what was not saved is lost, and the kernel goes on until the server ends."""
        self.page.close()


class Notebook7Page(NotebookPage):
    """A notebook in Notebook 7, which has the menus and cells of JupyterLab, and one notebook on a page."""

    def _path(self, name: str) -> str:
        return f"notebooks/{name}"

    def _wait_for_kernel(self) -> None:
        # The message fades once there is a kernel. The indicator beside it says idle before, too.
        told = self.page.locator(".jp-NotebookKernelStatus")
        expect(told).to_have_class("lm-Widget jp-NotebookKernelStatus jp-NotebookKernelStatus-fade")
        expect(self.page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")


def words(result: Locator) -> str:
    """What the result of a check says, as soon as it is there: what it does not say then never comes."""
    expect(result).to_contain_text(re.compile(r"\d of \d points"))
    return result.text_content() or ""


def _places(path: Path) -> list[str]:
    """The names of a notebook's cells, from top to bottom; empty for one that has none."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in cells]
