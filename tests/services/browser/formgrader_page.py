"""nbgrader's Formgrader in JupyterLab, as an instructor works with it."""

from contextlib import AbstractContextManager

from playwright.sync_api import Locator, Page, expect

from tests.services.browser.chromium import PATIENCE
from tests.services.browser.jupyter import Lab
from tests.tools.course_folder import NAME


class FormgraderPage:
    """The Formgrader, opened from JupyterLab's menu.

    Attributes:
        page: JupyterLab.
        frame: what the Formgrader shows.
    """

    def __init__(self, page: Page, lab: Lab) -> None:
        """Open JupyterLab without what was open there before, and the Formgrader in it."""
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.goto(f"{lab.url('lab')}&reset")
        page.locator(".jp-Launcher").wait_for()
        page.get_by_role("menuitem", name="Nbgrader").click()
        page.locator(".lm-Menu").get_by_text("Formgrader", exact=True).click()
        self.frame = page.frame_locator("iframe")

    def row(self, text: str) -> Locator:
        """The row of a table that holds a text, once it is there with what can be pressed in it."""
        row = self.frame.locator("table tbody tr").filter(has_text=text)
        expect(row.locator("a").first).to_be_visible()
        return row

    def press(self, row: Locator, column: str) -> None:
        """Press the link in a column of a row."""
        row.locator(f".{column} a").click()

    def told(self) -> str:
        """What the Formgrader's message says. It is closed."""
        message = self.frame.locator(".modal.in")
        message.locator(".modal-footer button").wait_for()
        said = message.inner_text()
        message.locator(".modal-footer button").click()
        expect(self.frame.locator(".modal")).to_have_count(0)
        return said


def submission_of(page: Page, lab: Lab, student: str, assignment: str = NAME) -> str:
    """The address of a student's submission, to which the Formgrader's links lead."""
    formgrader = FormgraderPage(page, lab)
    formgrader.press(formgrader.row(assignment), "num-submissions")
    formgrader.press(formgrader.row(student), "student-name")
    formgrader.row(assignment).get_by_role("link", name=assignment).click()
    formgrader.frame.locator("input.score").first.wait_for()
    return next(frame.url for frame in page.frames if "/formgrader/submissions/" in frame.url)


def opened(page: Page, address: str, cell: str) -> None:
    """Open a submission with this graded cell. Its script is at work when it has set placeholders."""
    page.goto(address)
    for field in (f"#{cell}_extra_credit", ".comment"):
        page.locator(f"{field}[placeholder]").first.wait_for()


def saved(page: Page, what: str, field: Locator, value: str) -> None:
    """Type into a field and leave it, and wait until the Formgrader has saved that."""
    with _saving(page, what):
        field.fill(value)
        field.blur()


def resolved(page: Page, count: int) -> None:
    """Press *Resolve* beside all points that wait for a look, of which there are so many."""
    resolve = page.locator(".mark-graded:visible")
    expect(resolve).to_have_count(count)
    for _ in range(count):
        with _saving(page, "grade"):
            resolve.first.click()


def _saving(page: Page, what: str) -> AbstractContextManager[object]:
    return page.expect_response(lambda answer: f"/api/{what}/" in answer.url and answer.request.method == "PUT")
