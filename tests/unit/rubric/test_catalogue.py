"""The words of hints: each code that is given has some, and nobody is told what was never meant."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import autograder
from autograder.report.places import Place
from autograder.report.reasons import in_words
from autograder.rubric.catalogue import TEMPLATES, words_of
from autograder.rubric.model import Check, Finding, Hint
from autograder.simulator.network.content import Difference
from autograder.submission.model import UNREADABLE

PACKAGE = Path(autograder.__file__).parent
SOURCES = [path.read_text(encoding="utf-8") for part in ("rubric", "grading") for path in (PACKAGE / part).glob("*.py")]


def codes_given() -> set[str]:
    """The codes of all hints that the package makes."""
    nodes = (node for source in SOURCES if "Hint" in source for node in ast.walk(ast.parse(source)))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    given = {text for text in texts if re.fullmatch(r"(?!nvflare|autograder)[a-z_]+\.(?!py|json)[a-z_]+", text)}
    return given | {UNREADABLE, *map(str, Difference)}


def test_each_code_has_words_and_all_words_are_of_a_code() -> None:
    assert codes_given() == TEMPLATES.keys()


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_words_are_whole_with_and_without_what_may_be_missing(code: str) -> None:
    template = TEMPLATES[code]
    least = re.sub(r"\[[^\]|]*\|?([^\]]*)\]", r"\1", template)
    places = (Place("execute", 3),)
    for text, named in ((template, places), (least, places if {"at", "cell"} & _names(least) else ())):
        said = words_of(Hint(code, None, named, dict.fromkeys(_names(text) - {"at", "cell", "line"}, "some text")))
        assert not re.search(r"[{}|\[\]]|  | \.", said)


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


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
