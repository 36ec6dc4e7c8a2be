"""What the tests in a browser share: the browser, a graded class, and the folder for screenshots."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.course import Course
from tests.services.browser.chromium import launched
from tests.services.browser.hostile_class import graded_class
from tests.tools import needs


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
def hostile_class(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course folder of a class of hostile submissions that has been graded."""
    base = tmp_path_factory.getbasetemp()
    # Workers of one test run have folders of their own in a common one.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return graded_class(shared / "hostile class")
