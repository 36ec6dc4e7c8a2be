"""The words of hints: each code that is given has some, and nobody is told what was never meant."""

from pathlib import Path

import pytest

import autograder
from autograder.report.places import Place
from autograder.report.reasons import in_words
from autograder.rubric.catalogue import TEMPLATES, words_of
from autograder.rubric.model import Check, Finding, Hint
from autograder.simulator.network.content import Difference
from autograder.submission.model import UNREADABLE
from tests.unit.templates import are_whole, codes_in

PACKAGE = Path(autograder.__file__).parent
SOURCES = [path for part in ("rubric", "grading") for path in (PACKAGE / part).glob("*.py")]


def test_each_code_has_words_and_all_words_are_of_a_code() -> None:
    assert codes_in(SOURCES, "Hint") | {UNREADABLE, *map(str, Difference)} == TEMPLATES.keys()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_words_are_whole_with_and_without_what_may_be_missing(code: str) -> None:
    assert are_whole(TEMPLATES[code])


def test_a_place_is_named_only_where_it_is_known() -> None:
    template = "It raised {told}[ ({at})]."
    assert in_words(template, {"told": "X"}, (Place("a", 1, code="x"), Place("b", 2))) == (
        "It raised X (line 2 of your cell `b`)."
    )
    assert in_words(template, {"told": "X"}, (Place("a", 1, code="x"),)) == "It raised X."


def test_one_thing_is_said_or_the_other() -> None:
    template = "It is [of type {kind}|None], for {names}."
    assert in_words(template, {"kind": "str", "names": ("site-0", "site-1", "server")}) == (
        "It is of type str, for site-0, site-1 and the server."
    )
    assert in_words(template, {"names": ("server",)}) == "It is None, for the server."


def test_what_a_student_wrote_is_no_template() -> None:
    assert in_words("It says {told!r}.", {"told": "{other} [ {x}|y]", "x": "z"}) == "It says '{other} [ {x}|y]'."


def test_an_authors_own_words_are_said_as_they_are() -> None:
    check = Check("mine", "Mine", 1, lambda _: Finding(False, "", "", "Use {braces} [or not]."))
    hint = check.judge([]).why(check)
    assert (hint.code, words_of(hint)) == ("mine", "Use {braces} [or not].")
    assert words_of(Hint("own", data={"most": 3}, words="You sent it {most} times.")) == "You sent it 3 times."
