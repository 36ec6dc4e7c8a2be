"""The words of faults: each code has some, and nothing is said of a fault that nobody finds."""

from pathlib import Path

import pytest

from autograder import release
from autograder.release.fault_words import TEMPLATES
from tests.unit.templates import are_whole, codes_in

SOURCES = [path for path in Path(release.__file__).parent.glob("*.py") if path.name != "fault_words.py"]


def test_each_code_has_words_and_all_words_are_of_a_code() -> None:
    assert codes_in(SOURCES, "fault import") == TEMPLATES.keys()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_words_are_whole_with_and_without_what_may_be_missing(code: str) -> None:
    assert all(map(are_whole, TEMPLATES[code]))
