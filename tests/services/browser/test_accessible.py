"""The pages that people get are for everybody: axe finds no serious fault in them."""

from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from autograder.course import Course
from tests.services.browser.hostile_class import FAILED_AND_PASSED
from tests.tools import needs
from tests.tools.course_folder import NAME

pytestmark = [
    pytest.mark.simulator,
    pytest.mark.slow,
    needs.SANDBOX,
]

SERIOUS = ("serious", "critical")


@pytest.mark.sampled(0)  # the class that it looks at takes a minute to grade
@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["feedback", "class"])
def test_no_serious_fault(
    name: str, scheme: Literal["light", "dark"], width: int, hostile_class: Course, browser: Browser, pictures: Path
) -> None:
    root = hostile_class.root
    places = {
        "feedback": root / "feedback" / FAILED_AND_PASSED / NAME / f"{NAME}.html",
        "class": root / "class-report" / f"{NAME}.html",
    }
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme)
    page = context.new_page()
    page.goto(places[name].as_uri())
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.screenshot(path=pictures / f"accessible-{name}-{scheme}-{width}.png")
    found = Axe().run(page).response
    context.close()

    assert found["passes"], "axe looked at the page"
    assert [_in_words(fault) for fault in found["violations"] if fault["impact"] in SERIOUS] == []


def _in_words(fault: dict[str, Any]) -> str:
    """A fault, and where it is."""
    places = "\n".join(f"    {node['target']}: {node['failureSummary']}" for node in fault["nodes"][:5])
    return f"{fault['id']} ({fault['impact']}, {len(fault['nodes'])} times): {fault['help']}\n{places}"
