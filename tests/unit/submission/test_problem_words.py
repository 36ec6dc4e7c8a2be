"""The words of problems: each code has some, and nothing is said of a problem that nobody finds."""

from pathlib import Path

import pytest

import autograder
from autograder.submission.problem_words import TEMPLATES
from tests.unit.templates import are_whole, codes_in

PACKAGE = Path(autograder.__file__).parent
MAKERS = [PACKAGE / "nbgrader_plugin" / "submitted.py", *(PACKAGE / "submission").glob("*.py")]
SOURCES = [path for path in MAKERS if path.name not in ("problem_words.py", "python_code.py")]


def test_each_code_has_words_and_all_words_are_of_a_code() -> None:
    assert codes_in(SOURCES, "Problem") == TEMPLATES.keys()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_words_are_whole_with_and_without_what_may_be_missing(code: str) -> None:
    assert are_whole(TEMPLATES[code])
