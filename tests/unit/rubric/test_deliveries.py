"""The deliveries of a run: a message that is not as it was asked for says why."""

from dataclasses import replace
from typing import Any

import pytest

from autograder.evidence.collect import NO_SHAREABLE, UNREADABLE
from autograder.evidence.model import TaskResult
from autograder.report.delivery_words import FAULTS, faults, note
from autograder.report.model import Delivery
from autograder.report.words import is_good
from autograder.rubric.deliveries import deliveries_of
from autograder.rubric.model import RunEvidence
from autograder.simulator.network.faults import FaultKind
from autograder.simulator.scenario import SERVER
from tests.unit.rubric.evidence import NO_DXO, STUDENT, line, message, receiving, said, sending

RIGHT = (message(STUDENT, "site-0"), message(STUDENT, "site-2"))


def first(run: RunEvidence) -> Delivery:
    return deliveries_of(run)[0]


def log(*texts: str) -> dict[str, Any]:
    return {"lines": tuple(line(STUDENT, text, "ERROR", origin="nvflare.x") for text in texts)}


def codes_of(delivery: Delivery) -> list[str]:
    """The codes of what is wrong, of each of which there are words."""
    assert bool(note(delivery)) == bool(delivery.reasons)
    return [reason.code for reason in delivery.reasons]


def test_a_right_message_is_good() -> None:
    assert all(is_good(one) for one in deliveries_of(sending(*RIGHT)))


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"content": said("Hi")}, ["content.value"]),
        ({"content": said("Hello from site-1", "WEIGHTS")}, ["content.kind"]),
        ({"content": NO_DXO}, ["content.no_dxo"]),
        (
            {"content": said("Hi"), "reply": "TOPIC_UNKNOWN"},
            ["content.value", "reply.TOPIC_UNKNOWN"],
        ),
        ({"reply": "TOPIC_UNKNOWN"}, ["reply.TOPIC_UNKNOWN"]),
        ({"content": said("Hi"), "reply": None}, ["content.value", "reply.none"]),
    ],
)
def test_a_message_that_says_something_else_is_not_good(fields: dict[str, Any], codes: list[str]) -> None:
    found = first(sending(message(STUDENT, "site-0", **fields), RIGHT[1]))

    assert (found.sent, found.expected, codes_of(found)) == (True, True, codes)
    assert not is_good(found)


RAISED = 'Traceback (most recent call last):\n  File "/x/submission.py", line 4, in execute\nKeyError: 1'


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (sending(message(STUDENT, "site-0", topic="Hello"), RIGHT[1]), "unsent.other_topic"),
        (sending(RIGHT[1]), "unsent.not_targeted"),
        (sending(message(STUDENT, SERVER)), "unsent.not_targeted"),
        (sending(to_self={STUDENT: 1}), "unsent.not_targeted"),
        (sending(**log("invalid target site-7")), "unsent.target_unknown"),
        (sending(**log("Failed to send aux message hello", RAISED)), "unsent.not_sendable"),
        (sending(code="EXECUTION_EXCEPTION", **log(RAISED)), "unsent.raised"),
        (sending(code="", ended=frozenset({STUDENT})), "unsent.ended"),
        (sending(ready=frozenset()), "unsent.not_started"),
        (sending(), "unsent.nothing_sent"),
        (sending(code=""), "unsent"),
        (receiving(), "unsent"),
    ],
)
def test_a_message_that_never_came_says_why(run: RunEvidence, code: str) -> None:
    found = first(run)

    assert (found.sent, codes_of(found)) == (False, [code])


RECEIVED = "Received message from site-0: Hello from site-0"


def to_student(*texts: str, **fields: Any) -> Delivery:
    """What is told of a message that the student's site got, with these lines in its log."""
    lines = tuple(line(STUDENT, text) for text in texts)
    return first(receiving(message("site-0", STUDENT, **fields), message("site-2", STUDENT), lines=lines))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (to_student(RECEIVED), ""),
        (to_student(), "logged.not"),
        (to_student("Received message from site-0"), "logged.not"),
        (to_student(RECEIVED, RECEIVED), "logged.too_often"),
        (to_student(RECEIVED, waits=False, reply=None), ""),
        (to_student(RECEIVED, reply="ERROR"), "reply.other"),
        (to_student(RECEIVED, reply=NO_SHAREABLE), "reply.no_shareable"),
        (to_student(RECEIVED, reply=UNREADABLE), "reply.unreadable"),
    ],
)
def test_what_the_receiver_did_is_told(found: Delivery, code: str) -> None:
    assert codes_of(found) == ([code] if code else [])
    assert is_good(found) == (not code)


def test_that_no_shareable_came_back_is_said_once() -> None:
    assert to_student(RECEIVED, reply=NO_SHAREABLE).reply is None


def test_a_message_that_finds_no_handler_is_good_where_none_is_asked_for() -> None:
    run = sending(message(STUDENT, "site-0", reply="TOPIC_UNKNOWN"), RIGHT[1])
    expected = tuple(replace(one, handled=False) for one in run.matching.expected)

    assert is_good(first(replace(run, scenario=replace(run.scenario, expected=expected))))


@pytest.mark.parametrize(
    ("results", "code"),
    [((), "unsent.not_asked"), ((TaskResult("site-0", "talk", "OK"),), "unsent")],
)
def test_a_peer_that_was_never_asked_is_told_of(results: tuple[TaskResult, ...], code: str) -> None:
    run = receiving()
    served = replace(run.scenario, students=frozenset({SERVER}))

    assert codes_of(first(RunEvidence(served, replace(run.evidence, results=results)))) == [code]


@pytest.mark.parametrize(("kind", "reply"), [(FaultKind.DROP, None), (FaultKind.LATE_START, "TOPIC_UNKNOWN")])
def test_nobody_is_blamed_for_what_the_network_lost(kind: FaultKind, reply: str | None) -> None:
    lost = message("site-0", STUDENT, fate=(kind,), reply=reply, answered_in_time=False)

    assert codes_of(first(receiving(lost))) == []
    assert codes_of(first(receiving(replace(lost, fate=())))) != []


def test_a_message_that_came_through_at_last_is_good_and_the_network_is_told_of() -> None:
    lost = message(STUDENT, "site-0", fate=(FaultKind.DROP,), reply=None, answered_in_time=False)
    early = message(STUDENT, "site-0", fate=(FaultKind.LATE_START,), reply="TOPIC_UNKNOWN")
    run = sending(lost, lost, early, message(STUDENT, "site-0"), RIGHT[1])
    expected = tuple(replace(one, times=(1, 5)) for one in run.scenario.expected_in(run.evidence))
    found = deliveries_of(replace(run, scenario=replace(run.scenario, expected=expected)))[:4]

    assert all(map(is_good, found)) and [one.receiver for one in found] == [*3 * ["site-0"], "site-2"]
    assert [(one.count, one.reply, faults(one)) for one in found[:3]] == [
        (2, None, "lost"),
        (1, "TOPIC_UNKNOWN", "too early, as its receiver had not started"),
        (1, "OK", ""),
    ]


def test_what_is_wrong_with_their_number_is_told_of_the_last_one() -> None:
    lost = message(STUDENT, "site-0", fate=(FaultKind.DROP,), reply=None, answered_in_time=False)
    run = sending(lost, RIGHT[0], RIGHT[1])
    expected = tuple(replace(one, times=(3, 6)) for one in run.scenario.expected_in(run.evidence))
    found = deliveries_of(replace(run, scenario=replace(run.scenario, expected=expected)))

    assert [codes_of(one) for one in found[:2]] == [[], ["sent.too_few"]]


def test_what_flare_sends_again_by_itself_is_told_one_by_one() -> None:
    lost = message(STUDENT, "site-0", fate=(FaultKind.DROP,), transaction="t")
    run = sending(lost, replace(lost, again=True), replace(lost, again=True, fate=()), RIGHT[1])
    found = deliveries_of(run)

    assert all(map(is_good, found))
    assert [(one.count, one.reply, one.faults) for one in found] == [(2, None, ("drop",)), (1, "OK", ()), (1, "OK", ())]


def test_every_fault_of_the_network_has_words() -> None:
    assert {str(kind) for kind in FaultKind} == FAULTS.keys()
