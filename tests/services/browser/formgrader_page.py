"""nbgrader's Formgrader in JupyterLab, as an instructor works with it."""

from playwright.sync_api import Locator, Page, expect

from tests.services.browser.chromium import PATIENCE
from tests.services.browser.jupyter import Lab


class FormgraderPage:
    """The Formgrader, opened from JupyterLab's menu.

    Attributes:
        page: JupyterLab.
        frame: what the Formgrader shows.
    """

    def __init__(self, page: Page, lab: Lab) -> None:
        """Open JupyterLab, and the Formgrader in it."""
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.goto(lab.url("lab"))
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
