"""What a reply or a result says: who is judged by it, what hint there is, and that only what was seen counts."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.evidence.collect import NO_SHAREABLE, UNREADABLE
from autograder.evidence.model import Message, TaskResult
from autograder.report.delivery_words import note
from autograder.report.words import is_good
from autograder.rubric import concepts, receiving, sending, tasks
from autograder.rubric.deliveries import deliveries_of
from autograder.rubric.matchers import Close, Equals, Satisfies, Text
from autograder.rubric.matching import match, mismatch_of, reply_mismatch_of, wrong_results
from autograder.rubric.model import RunEvidence
from autograder.simulator.network.content import Content, ContentFault, Difference, Matcher, Mismatch
from autograder.simulator.scenario import SERVER, Expected, ExpectedResult, Part
from tests.unit.rubric.contents import contents
from tests.unit.rubric.evidence import PEERS, STUDENT, judged, message, numbered, said, scenario
from tests.unit.rubric.evidence import sending as sent
from tests.unit.rubric.test_matching import MATCHERS, VALUES, A, expectations, messages

CODE = """
class Answering(Executor):
    def handle_event(self, event_type, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("other", self.take)
        fl_ctx.get_engine().register_aux_message_handler(topic="value", message_handle_func=self.answer)

    def take(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

    def answer(self, topic, request, fl_ctx):
        return self.values[0]

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        fl_ctx.get_engine().send_aux_request(["site-0"], "value", request, 0, fl_ctx)
        return self.total
"""
REPLIES = receiving.replies_ok("replies", "Replies", 1, receiving.any_site)
ONCE = receiving.each_once("once", "Once", 1, receiving.any_site)
SENDS = (sending.as_expected("sends", "Sends", 1), sending.acknowledged("got", "Got", 1))
EMPTY = Content(None, {}, {}, ContentFault.NO_DXO)


def value(number: float, kind: str | None = "X") -> Content:
    return Content(kind, {"v": number})


def answer(number: float) -> Matcher:
    return Close("X", {"v": number}, atol=0.1)


def ask(sender: str, receiver: str, number: float, matcher: Matcher | None = None, **fields: Any) -> Expected:
    """A message that is to be answered with a number."""
    text = fields.pop("text", sender)
    return Expected(sender, receiver, "value", Text("message", text), reply_content=matcher or answer(number), **fields)


def asked(sender: str, receiver: str, content: Content | None, **fields: Any) -> Message:
    return message(sender, receiver, topic="value", content=said(sender), reply_content=content, **fields)


def played(*seen: Message, expected: tuple[Expected, ...] = ()) -> RunEvidence:
    """A run in which peers ask the student's site, and site-2 asks site-0, unless something else is expected."""
    expected = expected or (ask("site-0", STUDENT, 1), ask("site-2", STUDENT, 1), ask("site-2", "site-0", 7))
    evidence = sent(*seen).evidence
    part = Part("submission", "Answering", {"submission": CODE})
    written = scenario(expected)
    return RunEvidence(replace(written, executors={**written.executors, STUDENT: part}), evidence, numbered)


RIGHT = tuple(asked(peer, STUDENT, value(1.05)) for peer in PEERS)


@pytest.mark.parametrize("check", [REPLIES, ONCE])
def test_a_reply_that_says_what_is_asked_for_passes(check: Any) -> None:
    run = played(*RIGHT)

    assert check.judge([run]).passed
    assert all(is_good(one) for one in deliveries_of(run)[:2])


@pytest.mark.parametrize(
    ("content", "code", "idea"),
    [
        (value(3), "reply.value", None),
        (value(7), "reply.of_another_site", concepts.SAME_CODE),
        (EMPTY, "reply.empty", concepts.REPLY),
        (Content(None, {"v": 1}, {}, ContentFault.NO_DXO), "reply.form", concepts.CONTENT),
        (value(1, "Y"), "reply.form", concepts.CONTENT),
        (Content("X", {"w": 1}), "reply.form", concepts.CONTENT),
        (Content("X", {"v": 1, "w": 1}), "reply.form", concepts.CONTENT),
        (Content("X", {"v": "1"}), "reply.form", concepts.CONTENT),
        (Content("X", {}), "reply.form", concepts.CONTENT),
    ],
)
def test_a_reply_that_says_something_else_has_a_hint_with_the_line_that_returns_it(
    content: Content, code: str, idea: concepts.Idea | None
) -> None:
    run = played(RIGHT[0], asked("site-2", STUDENT, content))

    for check in (REPLIES, ONCE):
        found = judged(check, run)
        assert (found.code, found.idea, found.where) == (code, idea, "L11: return self.values[0]")
    assert found.data.get("other", ("site-0",)) == ("site-0",)
    shown = deliveries_of(run)[1]
    assert [reason.code for reason in shown.reasons] == ["reply.content"]
    assert note(shown).startswith("not the reply that is asked for: ") and not is_good(shown)


def test_the_answer_to_another_message_is_called_that() -> None:
    expected = (ask("site-0", STUDENT, 1), ask("site-0", STUDENT, 2, text="more"))
    old = replace(asked("site-0", STUDENT, value(1)), content=said("more"))
    found = judged(REPLIES, played(asked("site-0", STUDENT, value(1)), old, expected=expected))

    assert (found.code, found.data["site"]) == ("reply.of_another_message", STUDENT)


def test_an_authors_own_words_are_told() -> None:
    matcher = Satisfies(lambda content: "" if content.get("v") == 1 else "it is not one.")
    found = judged(REPLIES, played(asked("site-0", STUDENT, value(2)), expected=(ask("site-0", STUDENT, 1, matcher),)))

    assert (found.code, found.data["said"]) == ("reply.said", "it is not one")


@pytest.mark.parametrize("fields", [{}, {"waits": False, "reply": None}])
def test_a_reply_of_which_nobody_saw_the_content_is_called_that_and_not_wrong(fields: dict[str, Any]) -> None:
    run = played(*(asked(peer, STUDENT, None, **fields) for peer in PEERS))
    found = judged(REPLIES, run)

    assert found.code == "content.not_seen"
    assert note(deliveries_of(run)[0]) == "not the reply that is asked for: nobody saw what it says"


def test_whoever_does_not_wait_for_the_answer_is_named_where_it_sends() -> None:
    silent = asked(STUDENT, STUDENT, None, waits=False, reply=None)
    found = judged(REPLIES, played(silent, expected=(ask(STUDENT, STUDENT, 1),)))

    assert found.code == "content.not_seen" and found.where.startswith("L14: ")


def test_what_is_answered_to_another_question_is_for_whoever_asked_it() -> None:
    wrong = replace(asked(STUDENT, STUDENT, value(3)), content=said("x"))
    expected = (ask(STUDENT, STUDENT, 1),)

    assert judged(REPLIES, played(wrong, expected=expected)).code == "reply.to_another_question"
    assert REPLIES.judge([played(replace(wrong, reply_content=value(1)), expected=expected)]).passed


WRONG = replace(asked("site-2", STUDENT, value(3)), content=said("x"))
"""A message that says something else, and what was answered to that."""


@pytest.mark.parametrize("again", [(), (WRONG,)])
def test_whoever_answers_another_message_as_it_should_is_not_blamed_for_its_answer_to_a_wrong_one(
    again: tuple[Message, ...],
) -> None:
    run = played(RIGHT[0], WRONG, *again)

    assert REPLIES.judge([run]).passed
    assert [reason.code for reason in deliveries_of(run)[1].reasons] == ["content.value"]


@pytest.mark.parametrize(
    "other",
    [
        asked("site-0", STUDENT, value(3)),  # answered wrongly too
        asked("site-0", STUDENT, None, reply="ERROR"),
        asked("site-2", "site-0", value(7)),  # by another site
    ],
)
def test_whoever_answers_none_as_it_should_has_shown_nothing(other: Message) -> None:
    assert not REPLIES.judge([played(other, WRONG)]).passed


def test_a_right_answer_on_another_topic_shows_nothing() -> None:
    other = replace(ask("site-0", STUDENT, 1), topic="other")
    run = played(replace(RIGHT[0], topic="other"), WRONG, expected=(other, ask("site-2", STUDENT, 1)))

    assert judged(REPLIES, run).code == "reply.to_another_question"


def test_another_return_code_counts_whatever_was_asked() -> None:
    assert not REPLIES.judge([played(RIGHT[0], replace(WRONG, reply="ERROR"))]).passed


@pytest.mark.parametrize("code", ["ERROR", NO_SHAREABLE, UNREADABLE, None])
def test_of_a_reply_with_another_code_the_code_is_told_and_nothing_else(code: str | None) -> None:
    run = played(*(asked(peer, STUDENT, None, reply=code) for peer in PEERS))

    assert judged(REPLIES, run).code not in ("content.not_seen", "reply.value", "reply.form")
    assert [reason.code for reason in deliveries_of(run)[0].reasons] not in ([], ["reply.content"])


@given(contents())
def test_whatever_a_reply_says_its_sender_is_not_blamed(content: Content) -> None:
    run = played(asked(STUDENT, "site-0", content), expected=(ask(STUDENT, "site-0", 1),))

    assert all(check.judge([run]).passed for check in SENDS)


@given(contents(), MATCHERS, st.booleans())
def test_any_reply_gives_a_finding_with_a_hint(content: Content, matcher: Matcher, waits: bool) -> None:
    seen = asked("site-0", STUDENT, content, waits=waits, reply="OK" if waits else None)
    run = played(seen, expected=(ask("site-0", STUDENT, 1, matcher),))
    mismatch = matcher.mismatch(content)

    if mismatch is None or not waits:
        assert REPLIES.judge([run]).passed is (mismatch is None)
    else:
        assert judged(REPLIES, run).where
    assert bool(note(deliveries_of(run)[0])) is (mismatch is not None)


@given(expectations(A, VALUES), messages(A, VALUES), st.data())
def test_what_replies_say_decides_about_no_pair(
    expected: list[Expected], seen: list[Message], data: st.DataObject
) -> None:
    answers = [data.draw(st.one_of(st.none(), contents())) for _ in seen]
    codes = [data.draw(st.sampled_from(["OK", "ERROR", None])) for _ in seen]
    asked_for = [replace(one, reply_content=data.draw(st.one_of(st.none(), MATCHERS))) for one in expected]
    answered = [replace(one, reply=c, reply_content=a) for one, c, a in zip(seen, codes, answers, strict=True)]

    numbers = [
        [[m.number for m in (*p.messages, *p.repeated)] for p in match(*both).pairs]
        for both in ((expected, seen), (asked_for, answered))
    ]
    assert numbers[0] == numbers[1]
    for pair in match(asked_for, answered).pairs:
        for one in (*pair.messages, *pair.repeated):
            wanted = pair.expected.reply_content
            judges = wanted and one.reply == "OK" and not one.credited
            assert (one.number in pair.wrong_replies) <= bool(judges)
            if wanted and judges and one.reply_content:
                found, mismatch = pair.wrong_replies.get(one.number), wanted.mismatch(one.reply_content)
                assert found == mismatch or (found is None and mismatch_of(pair.expected, one.content))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"credited": True}, None),
        ({"reply": "ERROR"}, None),
        ({"fate": ("drop",), "reply": None}, None),
        ({"fate": ("drop",), "reply": None, "waits": False}, None),
        ({"fate": ("lose_reply",)}, Difference.VALUE),
        ({"reply_content": None}, Difference.NOT_SEEN),
        ({"reply": None, "reply_content": None, "waits": False}, Difference.NOT_SEEN),
        ({}, Difference.VALUE),
    ],
)
def test_only_an_answer_with_the_right_code_is_compared(fields: dict[str, Any], code: Difference | None) -> None:
    found = reply_mismatch_of(ask("site-0", STUDENT, 1), replace(asked("site-0", STUDENT, value(2)), **fields))

    assert (found.code if found else None) == code


def test_the_answer_to_a_repetition_counts_where_the_first_was_lost() -> None:
    lost = asked("site-0", STUDENT, None, reply=None, fate=("drop",), answered_in_time=False)
    run = played(lost, asked("site-0", STUDENT, value(3)), RIGHT[1])

    assert judged(REPLIES, run).code == "reply.value"


def with_results(*results: Content | None, code: str = "OK", asked_for: tuple[Matcher, ...] = ()) -> RunEvidence:
    """A run in which the student's site has returned something."""
    run = played(*RIGHT, expected=(Expected(STUDENT, "site-0", "value", Text("message", "x")),))
    seen = tuple(TaskResult(STUDENT, "talk", code, content=content) for content in results)
    expected = tuple(ExpectedResult(STUDENT, "talk", matcher) for matcher in asked_for or (answer(1),))
    written = replace(run.scenario, results=expected)
    messages = (*run.evidence.messages, message(STUDENT, "site-0", number=9))
    return replace(run, scenario=written, evidence=replace(run.evidence, results=seen, messages=messages))


RETURNS = (tasks.return_ok("ok", "OK", 1), sending.returns_ok("returns", "Returns", 1))


@pytest.mark.parametrize("check", RETURNS)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (value(1.05), ""),
        (value(2), "result.value"),
        (value(1, "Y"), "result.form"),
        (EMPTY, "result.empty"),
        (None, "content.not_seen"),
    ],
)
def test_a_result_is_to_say_what_is_asked_for(check: Any, content: Content | None, code: str) -> None:
    run = with_results(content)

    assert check.judge([run]).passed is (not code)
    if code:
        found = judged(check, run)
        assert (found.code, found.where) == (code, "L15: return self.total")


def test_a_result_with_another_code_is_told_by_its_code() -> None:
    assert judged(RETURNS[0], with_results(value(2), code="ERROR")).code == "result.not_ok"


def test_of_several_results_each_is_compared_with_its_own() -> None:
    one, other = value(1), value(2)
    matchers = (answer(1), answer(2))

    assert RETURNS[0].judge([with_results(one, other, asked_for=matchers)]).passed
    assert judged(RETURNS[0], with_results(one, one, asked_for=matchers)).code == "result.value"
    assert judged(RETURNS[0], with_results(one, asked_for=matchers)).code == "execute.no_end"


def test_what_results_say_can_depend_on_what_was_seen() -> None:
    run = with_results(value(3))
    depends = replace(
        run.scenario, results=lambda evidence: (ExpectedResult(STUDENT, "talk", answer(len(evidence.messages))),)
    )

    assert RETURNS[0].judge([replace(run, scenario=depends)]).passed


@given(st.lists(st.tuples(st.sampled_from([STUDENT, SERVER]), st.one_of(st.none(), contents())), max_size=5), MATCHERS)
def test_a_wrong_result_is_just_what_its_matcher_says(seen: list[tuple[str, Content | None]], matcher: Matcher) -> None:
    results = [TaskResult(site, "talk", "OK", content=content) for site, content in seen]
    wanted = ExpectedResult(STUDENT, "talk", matcher)
    first = next((content for site, content in seen if site == STUDENT), EMPTY)
    mismatch = Mismatch(Difference.NOT_SEEN) if first is None else matcher.mismatch(first)
    there = any(site == STUDENT for site, _ in seen)

    assert [one.mismatch for one in wrong_results([wanted], results)] == [mismatch] * (there and mismatch is not None)
    assert wrong_results([replace(wanted, content=Equals(None, {}))] * 9, []) == ()
