"""Pages made of hostile submissions: no script of theirs runs, nothing is fetched, no layout breaks."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from autograder.course import Course
from tests.services.browser.hostile_class import SHOWN, chosen
from tests.tools import needs
from tests.tools.course_folder import NAME

pytestmark = [
    pytest.mark.simulator,
    pytest.mark.slow,
    needs.SANDBOX,
]

WIDTHS = (1200, 390)

_TRAP = """
window.alarm = [];
for (const name of ["alert", "confirm", "prompt", "open", "fetch"])
    window[name] = () => window.alarm.push(name);
"""
_FOUND = """() => ({
    alarm: window.alarm,
    scripts: [...document.scripts].filter(script => !script.nonce && !script.dataset.ours).map(script => script.text),
    handlers: [...document.querySelectorAll("*")].flatMap(
        element => [...element.attributes].filter(one => one.name.startsWith("on")).map(one => one.name)),
    addresses: [...document.querySelectorAll("[href], [src]")].map(
        element => element.getAttribute("href") || element.getAttribute("src")).filter(
        address => /^\\s*(javascript|vbscript|data:text)/i.test(address)),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    title: document.title,
})"""


def test_all_of_them_are_there() -> None:
    assert [hostile.name for hostile in chosen(SHOWN)] == list(SHOWN)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", SHOWN)
def test_a_feedback_page_is_only_read(name: str, hostile_class: Course, browser: Browser, pictures: Path) -> None:
    page = hostile_class.root / "feedback" / name / NAME / f"{NAME}.html"

    assert_harmless(browser, page, pictures / f"hostile-{name}.png", scripts=0)


def test_the_class_page_runs_its_own_script_only(hostile_class: Course, browser: Browser, pictures: Path) -> None:
    page = hostile_class.root / "class-report" / f"{NAME}.html"

    assert_harmless(browser, page, pictures / "hostile-class.png", scripts=1)


def assert_harmless(browser: Browser, path: Path, picture: Path, scripts: int) -> None:
    """Open a page at two widths, look for what must not be, and keep a picture of it."""
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 1600})
        page = context.new_page()
        page.add_init_script(_TRAP)
        fetched: list[str] = []
        page.on("request", lambda request: fetched.extend(_fetched(request, path)))  # noqa: B023
        page.goto(path.as_uri())
        found = page.evaluate(_FOUND)
        _press_everything(page)
        assert page.evaluate("window.alarm") == []
        assert len(found["scripts"]) == scripts, found["scripts"]
        assert found["handlers"] == found["addresses"] == fetched == []
        assert found["overflow"] <= 0, f"{found['overflow']} pixels too wide at {width}"
        if width == WIDTHS[0]:
            page.screenshot(path=picture)
        context.close()


def _fetched(request: Request, path: Path) -> list[str]:
    return [] if request.url == path.as_uri() or request.url.startswith("data:image/") else [request.url]


def _press_everything(page: Page) -> None:
    """Open whatever can be opened, which is when a hidden script would run."""
    for summary in page.query_selector_all("details > summary"):
        summary.evaluate("element => element.parentElement.open = true")
