"""What the tests in a browser share: the browser, a graded class, and the folder for screenshots."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.course import Course
from tests.services.browser.chromium import launched
from tests.services.browser.hostile_class import FAILED_AND_PASSED, graded
from tests.services.conftest import CourseAt
from tests.tools import needs
from tests.tools.sampling import played
from tests.tools.shared import made_once


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser. A test that needs one is left out where there is none."""
    with launched(needs.browser()) as browser:
        yield browser


@pytest.fixture(scope="session")
def pictures() -> Path:
    """The folder in which screenshots are kept, for a person to look at."""
    folder = Path(__file__).parents[3] / ".screenshots"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def hostile_class(
    request: pytest.FixtureRequest, course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory
) -> Course:
    """The course folder of a class of hostile submissions that has been graded, with all that this run looks at."""
    names = {FAILED_AND_PASSED, *played(request.session, "test_a_feedback_page_is_only_read", "name")}

    def grade_them(folder: Path) -> None:
        graded(course_at(folder), names)

    return Course(made_once(tmp_path_factory, "hostile class", grade_them))
