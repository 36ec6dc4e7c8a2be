"""The deliveries of a run: a message that is not as it was asked for says why."""

from dataclasses import replace
from typing import Any

import pytest

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.model import TaskResult
from autograder.report.model import Delivery
from autograder.report.words import is_good
from autograder.rubric.deliveries import deliveries_of
from autograder.rubric.model import Played
from autograder.simulator.scenario import SERVER
from tests.rubric.evidence import NO_DXO, STUDENT, line, message, receiving, said, sending

RIGHT = (message(STUDENT, "site-0"), message(STUDENT, "site-2"))


def first(run: Played) -> Delivery:
    return deliveries_of(run)[0]


def log(*texts: str) -> dict[str, Any]:
    return {"lines": tuple(line(STUDENT, text, "ERROR", origin="nvflare.x") for text in texts)}


def test_a_right_message_is_good() -> None:
    assert all(is_good(one) for one in deliveries_of(sending(*RIGHT)))


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"content": said("Hi")}, "it should say “Hello from site-1”"),
        ({"content": said("Hello from site-1", "WEIGHTS")}, "its data kind is WEIGHTS, not APP_DEFINED"),
        ({"content": NO_DXO}, "it holds no DXO"),
        (
            {"content": said("Hi"), "reply": "TOPIC_UNKNOWN"},
            "it should say “Hello from site-1”; no handler for this topic",
        ),
        ({"reply": "TOPIC_UNKNOWN"}, "no handler for this topic"),
        ({"content": said("Hi"), "reply": None}, "it should say “Hello from site-1”; no reply"),
    ],
)
def test_a_message_that_says_something_else_is_not_good(fields: dict[str, Any], note: str) -> None:
    found = first(sending(message(STUDENT, "site-0", **fields), RIGHT[1]))

    assert (found.sent, found.expected, found.note) == (True, True, note)
    assert not is_good(found)


RAISED = 'Traceback (most recent call last):\n  File "/x/submission.py", line 4, in execute\nKeyError: 1'


@pytest.mark.parametrize(
    ("run", "note"),
    [
        (sending(message(STUDENT, "site-0", topic="Hello"), RIGHT[1]), "it was sent with the topic 'Hello'"),
        (sending(RIGHT[1]), "its receiver is not among the targets"),
        (sending(message(STUDENT, SERVER)), "its receiver is not among the targets"),
        (sending(to_self={STUDENT: 1}), "its receiver is not among the targets"),
        (sending(**log("invalid target site-7")), "a name in the targets is not known"),
        (sending(**log("Failed to send aux message hello", RAISED)), "NVFlare could not send the request"),
        (sending(code="EXECUTION_EXCEPTION", **log(RAISED)), "execute raised an exception"),
        (sending(code="", ended=frozenset({STUDENT})), "the process of its sender ended"),
        (sending(ready=frozenset()), "the code did not start"),
        (sending(), "execute sent nothing"),
        (sending(code=""), "not sent"),
        (receiving(), "not sent"),
    ],
)
def test_a_message_that_never_came_says_why(run: Played, note: str) -> None:
    found = first(run)

    assert (found.sent, found.note) == (False, note)


RECEIVED = "Received message from site-0: Hello from site-0"


def to_student(*texts: str, **fields: Any) -> Delivery:
    """What is told of a message that the student's site got, with these lines in its log."""
    lines = tuple(line(STUDENT, text) for text in texts)
    return first(receiving(message("site-0", STUDENT, **fields), message("site-2", STUDENT), lines=lines))


@pytest.mark.parametrize(
    ("found", "note"),
    [
        (to_student(RECEIVED), ""),
        (to_student(), "not logged as asked for"),
        (to_student("Received message from site-0"), "not logged as asked for"),
        (to_student(RECEIVED, RECEIVED), "logged 2 times"),
        (to_student(RECEIVED, waits=False, reply=None), ""),
        (to_student(RECEIVED, reply="ERROR"), "the handler answered ERROR"),
        (to_student(RECEIVED, reply=NO_SHAREABLE), "the handler returned no Shareable"),
    ],
)
def test_what_the_receiver_did_is_told(found: Delivery, note: str) -> None:
    assert found.note == note
    assert is_good(found) == (not note)


def test_that_no_shareable_came_back_is_said_once() -> None:
    assert to_student(RECEIVED, reply=NO_SHAREABLE).reply is None


def test_a_message_that_finds_no_handler_is_good_where_none_is_asked_for() -> None:
    run = sending(message(STUDENT, "site-0", reply="TOPIC_UNKNOWN"), RIGHT[1])
    expected = tuple(replace(one, handled=False) for one in run.matching.expected)

    assert is_good(first(replace(run, scenario=replace(run.scenario, expected=expected))))


@pytest.mark.parametrize(
    ("results", "note"),
    [((), "its sender was never asked to"), ((TaskResult("site-0", "talk", "OK"),), "not sent")],
)
def test_a_peer_that_was_never_asked_is_told_of(results: tuple[TaskResult, ...], note: str) -> None:
    run = receiving()
    served = replace(run.scenario, students=frozenset({SERVER}))

    assert first(Played(served, replace(run.evidence, results=results))).note == note
