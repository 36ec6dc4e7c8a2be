"""Hints in depth: what was seen, where to look, which idea is behind it, and where that is taught."""

from dataclasses import replace

import pytest

from autograder.report import html, text, words
from autograder.report.html_filter import clean_html
from autograder.report.model import CheckResult, ExerciseReport, Verdict
from autograder.report.places import Place
from autograder.report.sections import anchor, with_anchors
from tests.unit.report import rendered
from tests.unit.report.test_rendering import Page

SECTION = "Experiment: to whom does it go?"
PLACE = Place("execute", 7, code="send(")
DEEP = {"idea": "A message goes to targets.", "section": SECTION}
SAID = ("line 7 of your cell `execute`: send(", *DEEP.values())
RIGHT = rendered.check("first", 1, 1)
WRONG = rendered.check("second", 0, 1, seen="one", hint="Look at one.", places=(PLACE,), **DEEP)
RAISED = replace(rendered.check("third", 0, 1, seen="two", hint="It raised.", section="Sending: x"), blocks=True)


def report(*checks: CheckResult) -> ExerciseReport:
    return ExerciseReport("execute", "1 Send", "test_execute", Verdict.NOT_PASSED, checks)


@pytest.mark.parametrize("checks", [(RIGHT, WRONG), (WRONG, replace(WRONG, name="other")), (RAISED, WRONG)])
def test_all_of_a_hint_is_said_once(checks: tuple[CheckResult, ...]) -> None:
    for shown in (text.exercise(report(*checks), 200), Page(html.exercise(report(*checks))).text):
        for part in ("Look at one.", *SAID):
            assert shown.replace("`", "").count(part.replace("`", "")) == 1, part


def test_what_stands_between_backticks_is_code_on_a_page() -> None:
    page = html.exercise(report(RIGHT, replace(WRONG, hint="Look at `a < b`, `` and `c.")))
    assert "your cell <code>execute</code>: send(" in page
    assert "Look at <code>a &lt; b</code>, `` and `c." in page


def test_a_section_is_a_link_and_in_a_terminal_words() -> None:
    page = Page(html.exercise(report(RIGHT, WRONG)))
    assert ("href", "#Experiment:-to-whom-does-it-go?") in page.attributes
    assert f"read      the section “{SECTION}” of the notebook" in text.exercise(report(RIGHT, WRONG))


def test_the_link_is_let_through_to_the_feedback_page() -> None:
    page = Page(clean_html(html.exercise(report(RIGHT, WRONG))))
    assert ("href", "#Experiment:-to-whom-does-it-go?") in page.attributes


def test_what_may_be_the_cause_of_others_comes_first() -> None:
    for shown in (text.exercise(report(WRONG, RAISED)), Page(html.exercise(report(WRONG, RAISED))).text):
        assert shown.index("It raised.") < shown.index("Look at one.")
    assert report(WRONG, RAISED).reason == "It raised."
    assert report(WRONG, replace(RAISED, blocks=False)).reason == "Look at one."


def test_what_is_passed_or_not_judged_has_no_depth() -> None:
    for verdict in (Verdict.PASSED, Verdict.INFRASTRUCTURE):
        assert words.in_depth(replace(WRONG, verdict=verdict)) == []


def test_hostile_depth_is_no_markup() -> None:
    place = Place(rendered.HOSTILE, 1, code=rendered.HOSTILE)
    evil = replace(WRONG, places=(place,), idea=rendered.HOSTILE, section=rendered.HOSTILE)
    page = Page(clean_html(html.exercise(report(RIGHT, evil))))
    assert "script" not in page.tags and "img" not in page.tags
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert "\x1b" not in text.exercise(report(RIGHT, evil))


def test_headings_get_the_names_to_which_sections_lead() -> None:
    page = with_anchors("<h2>Sending: <code>send_it</code> &amp; \"more\"</h2><h3 id='own'>x</h3><p>y</p>")
    assert '<h2 id="Sending:-send_it-&amp;-&quot;more&quot;">' in page
    assert page.endswith("<h3 id='own'>x</h3><p>y</p>")
    assert anchor("Exercise 1: send") == "Exercise-1:-send"
