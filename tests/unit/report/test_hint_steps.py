"""Hints in steps: at once where to look, whatever the hint is; the whole of it on request, and for graders at once."""

import ast
import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import assignments
from autograder.notebook.show import rubric, summary
from autograder.report import delivery_words, html, text
from autograder.report.hint_steps import first_step
from autograder.report.html_filter import clean_html
from autograder.report.model import CheckResult, Delivery, ExerciseReport, RunSummary, Verdict
from autograder.report.places import Place
from autograder.report.reasons import Reason, in_words
from autograder.rubric.catalogue import TEMPLATES
from tests.unit.report import rendered
from tests.unit.report.test_tracebacks import LINE

HERE = Place("execute", 7, code="engine.send_aux_request(targets=None)")
RAISED = Place("def helper", 2, own=True)
IDEA, SECTION = "Messages go to targets.", "Sending: to whom?"


class Parted(HTMLParser):
    """What a page says at once, and what it says only when something is opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.at_once = self.folded = ""
        self._depth, self._summary = 0, False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag == "details"
        self._summary = self._summary or tag == "summary"
        assert tag != "details" or "open" not in dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "details"
        self._summary = self._summary and tag != "summary"

    def handle_data(self, data: str) -> None:
        if self._depth and not self._summary:
            self.folded += data
        else:
            self.at_once += data


def hints_of_assignments() -> dict[str, str]:
    """The words of all hints that assignments bring along, by where they stand."""
    found: dict[str, str] = {}
    for path in Path(assignments.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "words"]
        named = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign)]
        told += [node.value for node in named if node.value and _is_words(node)]
        for value in told:
            texts = (node.value for node in ast.walk(value) if isinstance(node, ast.Constant))
            found |= {f"{path.stem}:{one[:40]}": one for one in texts if isinstance(one, str) and " " in one}
    return found


def _is_words(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(one, ast.Name) and one.id in ("words", "_WORDS") for one in targets)


OWN = hints_of_assignments()


def failed(hint: str, code: str = "some.code", places: tuple[Place, ...] = (HERE,)) -> CheckResult:
    more = {"hint": hint, "code": code, "places": places, "idea": IDEA, "section": SECTION}
    return rendered.check("first", 0, 1, seen="a message to the server", **more)


def report(*checks: CheckResult) -> ExerciseReport:
    return ExerciseReport("execute", "1 Send", "test_execute", Verdict.NOT_PASSED, checks)


OTHER = rendered.check("second", 1, 1)


def test_the_hints_of_all_assignments_are_looked_at() -> None:
    assert len(TEMPLATES) > 80
    for module in ("inbox", "delivering", "calling", "checks", "metropolis_checks", "value_hints"):
        assert any(name.startswith(f"{module}:") for name in OWN), module


@pytest.mark.parametrize("places", [(), (HERE,), (HERE, RAISED)])
def test_a_hint_is_folded_and_its_first_step_only_says_where(places: tuple[Place, ...]) -> None:
    for code, words in [*TEMPLATES.items(), *OWN.items()]:
        check = failed(words, code, places)
        step = first_step(check)
        assert step == first_step(failed("Another cause.", "another.code", places)), "it cannot name this one's"
        assert all(str(place) in step and place.code in step for place in places)
        assert places or "Compare" in step
        shown = Parted(rubric(report(check, OTHER)).html)
        plain, said = (one.replace("`", "") for one in (step, words))
        assert shown.at_once.count(plain) == 1 and plain not in shown.folded
        assert said[:600] in shown.folded.replace("`", "") and said not in shown.at_once.replace("`", "")
        for part in (IDEA, SECTION):
            assert part in shown.folded and part not in shown.at_once


def test_two_places_of_one_line_are_named_once() -> None:
    step = first_step(failed("x", places=(HERE, replace(HERE, code=""), RAISED)))
    assert step.count("line 7 of your cell `execute`") == 1


CAUSES = [
    Reason("unsent.raised"),
    Reason("unsent.not_targeted"),
    Reason("unsent.other_topic", {"topic": "helo"}),
    Reason("unsent.target_unknown"),
    Reason("unsent.not_started"),
    Reason("unsent.not_asked"),
    Reason("unsent.nothing_sent"),
    Reason("unsent.not_sendable"),
    Reason("unsent.ended"),
    Reason("sent.too_early"),
    Reason("reply.TOPIC_UNKNOWN"),
    Reason("reply.no_shareable"),
    Reason("reply.unreadable"),
    Reason("reply.content", {"said": "it should say 3"}),
    Reason("content.kind", {"said": "its data kind is WEIGHTS, not APP_DEFINED"}),
    *(Reason(code, {"said": words}) for code, words in [*TEMPLATES.items(), *OWN.items()]),
]
"""Why a message can be wrong; an assignment may say as much there as in a hint."""
HAPPENED = [
    Reason("unsent"),
    Reason("untold"),
    Reason("sent.too_few", {"times": 1, "least": 2}),
    Reason("sent.too_often", {"count": 3, "asked": 1}),
    Reason("sent.to_itself"),
    Reason("reply.HANDLER_EXCEPTION"),
    Reason("reply.none"),
    Reason("reply.other", {"reply": "BAD_TASK_DATA"}),
    Reason("logged.not"),
    Reason("logged.too_often", {"times": 2}),
]


def said_by(reason: Reason) -> str:
    return in_words(delivery_words.TEMPLATES.get(reason.code, "{said}"), reason.data)


def told_at_once(page: str) -> str:
    """What a page says and draws before anything is opened."""
    drawn = [b64decode(image).decode() for image in re.findall(r"base64,([A-Za-z0-9+/=]+)", page)]
    return "\n".join([Parted(page).at_once, *re.findall(r'alt="([^"]*)"', page), *drawn])


def test_of_each_reason_it_is_decided_whether_it_is_a_cause() -> None:
    assert set(delivery_words.TEMPLATES) <= {reason.code for reason in [*CAUSES, *HAPPENED]}


@given(
    st.sampled_from([*TEMPLATES.values(), *OWN.values()]),
    st.sampled_from(CAUSES),
    st.lists(st.sampled_from(HAPPENED), max_size=2, unique_by=lambda reason: reason.code),
    st.sampled_from([(True, True), (True, False), (False, True)]),
)
def test_a_picture_says_at_once_what_happened_and_never_why(
    hint: str, cause: Reason, happened: list[Reason], seen: tuple[bool, bool]
) -> None:
    def shown(why: Reason) -> str:
        reply = "OK" if seen[0] else None
        delivery = Delivery("site-0", "site-1", "hello", "x", *seen, reply, reasons=(*happened, why))
        run = RunSummary("send", ("site-0",), 0, 1.0, 1, "settled", (delivery,), (LINE,))
        return (rubric(report(failed(hint), OTHER)) + summary(run)).html

    page = shown(cause)
    assert told_at_once(page) == told_at_once(shown(Reason("another.cause", {"said": "Another cause."})))
    assert said_by(cause)[:100] in Parted(page).folded
    assert "What your code raised" in Parted(page).at_once


def test_what_happened_is_told_at_once() -> None:
    for reason in HAPPENED:
        delivery = Delivery("site-0", "site-1", "hello", "x", True, True, "OK", reasons=(reason,))
        page = summary(replace(rendered.own_run(), deliveries=(delivery,))).html
        assert reason.code == "unsent" or said_by(reason) in told_at_once(page)


def test_a_terminal_and_a_graders_page_tell_why_at_once() -> None:
    delivery = Delivery("site-0", "site-1", "hello", "x", False, True, reasons=(Reason("unsent.not_targeted"),))
    run = replace(rendered.own_run(), deliveries=(delivery,))
    for shown in (text.run(run), summary(run).text, told_at_once(html.run(run))):
        assert "its receiver is not among the targets" in " ".join(shown.replace("</tspan>", "").split())


def test_what_is_seen_and_expected_is_said_at_once() -> None:
    check = failed("Whom do they name?")
    shown = Parted(rubric(report(check, OTHER)).html).at_once
    assert check.seen in shown and check.expected in shown and "What to try next" in shown


def test_each_failed_check_has_its_own_steps() -> None:
    deeper = replace(failed("It returned None.", places=(RAISED,)), name="second", seen="None")
    shown = Parted(rubric(report(failed("Whom do they name?"), deeper)).html)
    assert first_step(deeper).replace("`", "") in shown.at_once and "It returned None." in shown.folded
    assert shown.at_once.count("The whole hint") == 2


def test_what_all_checks_share_is_folded_once() -> None:
    check = failed("A cell could not be read.")
    shown = Parted(rubric(report(check, replace(check, name="second"))).html)
    assert shown.folded.count("A cell could not be read.") == 1 and check.seen in shown.at_once
    assert shown.at_once.count(HERE.code) == 1


def test_a_hint_that_was_given_is_referred_to() -> None:
    first = failed("Whom do they name?")
    shown = Parted(rubric(report(first, replace(first, name="second", seen="nothing"))).html)
    assert shown.at_once.count("as above") == 2 and shown.folded.count("Whom do they name?") == 1


def test_a_run_that_broke_has_nothing_to_find() -> None:
    check = replace(failed("The simulator broke."), verdict=Verdict.INFRASTRUCTURE)
    shown = Parted(rubric(replace(report(check, check), verdict=Verdict.INFRASTRUCTURE)).html)
    assert "The simulator broke." in shown.at_once and "whole hint" not in shown.at_once


def test_a_terminal_and_a_graders_page_show_the_whole() -> None:
    failing = report(failed("Whom do they name?"), OTHER)
    for shown in (text.exercise(failing, 200), rubric(failing).text, Parted(html.exercise(failing)).at_once):
        assert "Whom do they name?" in shown and "step by step" not in shown


def test_hostile_code_in_a_step_is_no_markup() -> None:
    evil = failed(rendered.HOSTILE, places=(Place(rendered.HOSTILE, 1, code=rendered.HOSTILE),))
    page = rubric(report(evil, OTHER)).html
    assert "<script" not in page and "<img" not in page
    assert Parted(clean_html(page)).at_once == Parted(page).at_once
