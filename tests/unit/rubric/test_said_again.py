"""A message that is said again has to be answered as before, and its line may be left out; the first one's may not."""

from dataclasses import replace

import pytest

from autograder.evidence.model import LogLine, Message
from autograder.rubric.deliveries import deliveries_of
from autograder.rubric.model import Check, RunEvidence
from autograder.simulator.handling_marks import mark
from tests.unit.rubric.evidence import PEERS, STUDENT, hello, judged, line
from tests.unit.rubric.received import ELSE, HANDLER, LINES, LOGS, RECEIVER, REPLIES, RIGHT, handler_error, received

CHECKS = (HANDLER, LOGS, REPLIES, ELSE)
AGAIN = tuple(replace(one, attempt=2) for one in RIGHT)
FIRST, SECOND = ([line(STUDENT, mark(peer, n), origin="autograder.x") for peer in PEERS] for n in (1, 2))
FROM_0, FROM_2 = LINES


def heard(*lines: LogLine, again: tuple[Message, ...] = AGAIN) -> RunEvidence:
    """A run in which both peers say hello, and then say it again."""
    once = tuple(hello(peer, STUDENT) for peer in PEERS)
    expected = (*once, *(replace(one, repeats=True) for one in once))
    run = received(RECEIVER, *RIGHT, *again, lines=lines)
    return replace(run, scenario=replace(run.scenario, expected=expected))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "lines",
    [
        (*FIRST, *LINES, *SECOND, *LINES),
        (*FIRST, *LINES, *SECOND),
        (*FIRST, *LINES, *SECOND, FROM_2),
        (*FIRST, *SECOND, *LINES, *LINES),
        (*LINES, *LINES),
        LINES,
    ],
    ids=["each time", "once", "one again", "later", "each time, unmarked", "once, unmarked"],
)
def test_it_may_be_logged_again_or_not(check: Check, lines: tuple[LogLine, ...]) -> None:
    assert check.judge([heard(*lines)]).passed


@pytest.mark.parametrize("repeated", [(FROM_0,), (FROM_0, FROM_2)])
def test_a_line_that_comes_of_the_second_one_does_not_speak_for_the_first(repeated: tuple[LogLine, ...]) -> None:
    run = heard(*FIRST, FROM_2, *SECOND, *repeated)
    found = judged(LOGS, run)

    assert found.code == "log.only_another"
    assert [reason.code for reason in deliveries_of(run)[0].reasons] == ["logged.not"]
    assert REPLIES.judge([run]).passed


def test_where_a_sender_says_it_more_often_than_asked_for_nobody_knows_which_one_was_the_second() -> None:
    storm = (*AGAIN, *(replace(one, attempt=3) for one in RIGHT))

    assert LOGS.judge([heard(*FIRST, FROM_2, *SECOND, FROM_0, FROM_0, again=storm)]).passed


@pytest.mark.parametrize("later", [(), SECOND, (*SECOND, FROM_2)])
def test_a_line_that_is_older_than_the_message_says_nothing_of_it(later: tuple[LogLine, ...]) -> None:
    assert judged(LOGS, heard(FROM_0, *FIRST, FROM_2, *later)).code == "log.made_up"


def test_a_line_may_be_there_once_for_each_that_came_so_far() -> None:
    found = judged(ELSE, heard(*FIRST, *LINES, FROM_0, *SECOND))

    assert found.code == "log.repeated"
    assert judged(ELSE, heard(*FIRST, *LINES, *SECOND, FROM_0, FROM_0)).code == "log.repeated"


def test_whoever_took_the_first_may_not_refuse_the_second() -> None:
    refused = tuple(replace(one, reply="BAD_REQUEST_DATA") for one in AGAIN)
    run = heard(*FIRST, *LINES, *SECOND, again=refused)
    found = judged(REPLIES, run)

    assert (found.code, found.data["reply"]) == ("reply.again_not_ok", "BAD_REQUEST_DATA")
    assert LOGS.judge([run]).passed and ELSE.judge([run]).passed


def test_nor_raise_at_it() -> None:
    raised = tuple(replace(one, reply="HANDLER_EXCEPTION") for one in AGAIN)
    run = heard(*FIRST, *LINES, *SECOND, *handler_error("KeyError: 'site-0'"), again=raised)

    assert {judged(check, run).code for check in (REPLIES, ELSE)} == {"handler.raised"}


def test_a_handler_that_refuses_all_is_not_said_to_have_taken_the_first() -> None:
    first = tuple(replace(one, reply="ERROR") for one in RIGHT)
    run = heard(again=tuple(replace(one, reply="ERROR") for one in AGAIN))
    run = replace(run, evidence=replace(run.evidence, messages=(*first, *run.evidence.messages[2:])))

    assert judged(REPLIES, run).code == "reply.not_ok"


def test_a_picture_shows_a_line_only_where_it_was_logged() -> None:
    once = deliveries_of(heard(*FIRST, *LINES, *SECOND))
    each_time = deliveries_of(heard(*FIRST, *LINES, *SECOND, *LINES))

    assert [one.logged is not None for one in once] == [True, True, False, False]
    assert all(one.logged for one in each_time)
    assert not any(one.reasons for one in (*once, *each_time))


def test_a_mark_that_a_component_writes_is_none() -> None:
    forged = [line(STUDENT, mark(peer, 2)) for peer in PEERS]

    assert LOGS.judge([heard(*forged, *LINES)]).passed
