"""Checks of handlers, log lines and replies, on evidence made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from autograder.evidence.collect import MOST_MESSAGES, NO_SHAREABLE
from autograder.evidence.model import Message
from autograder.rubric import concepts
from autograder.rubric import receiving as checks
from autograder.rubric.matchers import Text
from autograder.rubric.model import Check, Finding, RunEvidence
from autograder.simulator.network.faults import FaultKind
from tests.unit.rubric.evidence import PEERS, STUDENT, judged, line, message, receiving, said

HANDLER = checks.has_handler("a", "A", 1, checks.any_site)
LOGS = checks.logs_each("b", "B", 1, checks.any_site)
REPLIES = checks.replies_ok("c", "C", 1, checks.any_site)
ELSE = checks.does_nothing_else("d", "D", 1, checks.any_site)
ALL = (HANDLER, LOGS, REPLIES, ELSE)

RIGHT = tuple(message(peer, STUDENT) for peer in PEERS)
LINES = tuple(line(STUDENT, f"Received message from {peer}: Hello from {peer}") for peer in PEERS)


def replied(code: str | None) -> tuple[Message, ...]:
    return tuple(message(peer, STUDENT, reply=code) for peer in PEERS)


def judge(check: Check, played: RunEvidence) -> Finding:
    finding = check.judge([played])
    assert finding.passed or finding.hint, "a check that is not passed must give a hint"
    return finding


@pytest.mark.parametrize("check", ALL)
def test_a_right_answer_passes(check: Check) -> None:
    assert judge(check, receiving(*RIGHT, lines=LINES)).passed


@pytest.mark.parametrize("check", ALL)
def test_a_right_answer_to_messages_without_reply_passes(check: Check) -> None:
    silent = tuple(message(peer, STUDENT, waits=False, reply=None) for peer in PEERS)

    assert judge(check, receiving(*silent, lines=LINES)).passed


@pytest.mark.parametrize("check", ALL)
def test_nothing_earns_nothing(check: Check) -> None:
    assert not judge(check, receiving()).passed
    assert not check.judge([]).passed


@pytest.mark.parametrize("check", ALL)
def test_lines_without_a_handler_on_the_wire_earn_nothing(check: Check) -> None:
    forged = receiving(*replied("TOPIC_UNKNOWN"), lines=LINES)

    assert not judge(check, forged).passed


@pytest.mark.parametrize("check", ALL)
def test_lines_without_an_answer_on_the_wire_earn_nothing(check: Check) -> None:
    registered = replace(line(STUDENT, "registered aux handler for topic hello"), origin="nvflare.private.aux_runner")
    forged = receiving(*replied(None), lines=(registered, *LINES))

    assert not judge(check, forged).passed


@pytest.mark.parametrize(
    ("check", "played", "code"),
    [
        (HANDLER, receiving(*replied("TOPIC_UNKNOWN")), "handler.not_registered"),
        (LOGS, receiving(*RIGHT), "log.nothing"),
        (
            LOGS,
            receiving(*RIGHT, lines=(line(STUDENT, f"Received message from {STUDENT}: Hello from site-0"),)),
            "log.names_receiver",
        ),
        (LOGS, receiving(*RIGHT, lines=(line(STUDENT, "Received message from site-0"),)), "log.without_message"),
        (LOGS, receiving(*RIGHT, printed={STUDENT: "Hello from site-0"}), "log.printed"),
        (REPLIES, receiving(*replied(NO_SHAREABLE), lines=LINES), "reply.no_shareable"),
        (REPLIES, receiving(*replied("ERROR"), lines=LINES), "reply.not_ok"),
        (REPLIES, receiving(*replied(None), lines=LINES), "handler.no_end"),
        (ELSE, receiving(*RIGHT, lines=LINES + LINES), "log.repeated"),
        (ELSE, receiving(*RIGHT, message(STUDENT, "site-0"), lines=LINES), "handler.sends"),
    ],
)
def test_a_mistake_gets_its_hint(check: Check, played: RunEvidence, code: str) -> None:
    assert judged(check, played).code == code


def test_an_event_that_raised_is_named() -> None:
    error = line(STUDENT, 'Exception when handling event "_start_run": ValueError: handler already registered', "ERROR")
    found = judged(ELSE, receiving(*RIGHT, lines=(*LINES, error)))

    assert (found.code, found.data["event"]) == ("handler.registered_twice", "START_RUN")


def test_the_exception_is_found_when_another_threads_line_stands_before_its_traceback() -> None:
    raised = line(STUDENT, "processing error in message handling", "ERROR")
    told = "Traceback (most recent call last):\n  File \"x\", line 1, in f\nKeyError: 'msg'\n"
    traceback = line(STUDENT, told, "ERROR")
    played = receiving(*replied("HANDLER_EXCEPTION"), lines=(raised, *LINES, raised, traceback, traceback))

    assert judged(REPLIES, played).data["told"] == "KeyError: 'msg'"


@pytest.mark.parametrize(
    ("error", "idea"),
    [
        ("KeyError: 'msg'", concepts.CONTENT),
        ("TypeError: on_hello() got an unexpected keyword argument 'topic'", concepts.CALLED),
        ("ValueError: no", None),
    ],
)
def test_an_exception_of_a_handler_leads_to_the_idea_that_it_speaks_of(error: str, idea: concepts.Idea | None) -> None:
    raised = line(STUDENT, "processing error in message handling", "ERROR")
    traceback = line(STUDENT, f'Traceback (most recent call last):\n  File "x", line 1, in f\n{error}\n', "ERROR")
    finding = judged(REPLIES, receiving(*replied("HANDLER_EXCEPTION"), lines=(raised, traceback)))

    assert finding.data["told"] == error
    assert finding.idea is idea
    assert finding.blocks


@pytest.mark.parametrize(
    ("named", "passed"),
    [
        (PEERS, {"b": True, "d": True}),
        ((PEERS[0], PEERS[0]), {"b": False, "d": True}),
        ((PEERS[0], PEERS[0], PEERS[0]), {"b": False, "d": False}),
        ((*PEERS, PEERS[0]), {"b": True, "d": False}),
    ],
)
def test_who_says_what_another_one_says_is_told_by_the_sender_alone(
    named: tuple[str, ...], passed: dict[str, bool]
) -> None:
    """A line that names the wrong one of them is no second line of the other one."""
    run = receiving(
        *(message(peer, STUDENT, content=said("the same")) for peer in PEERS),
        lines=tuple(line(STUDENT, f"Received message from {one}: the same") for one in named),
    )
    wanted = run.scenario.expected_in(run.evidence)
    same = tuple(replace(one, content=Text("message", "the same")) for one in wanted)
    run = replace(run, scenario=replace(run.scenario, expected=same))

    assert {check.name: judge(check, run).passed for check in (LOGS, ELSE)} == passed


def test_a_line_in_another_ones_place_is_not_asked_about_as_a_second_log_call() -> None:
    instead = judged(ELSE, receiving(*RIGHT, lines=(LINES[0], LINES[0])))
    besides = judged(ELSE, receiving(*RIGHT, lines=(*LINES, LINES[0])))

    assert (instead.code, besides.code) == ("log.instead_of_another", "log.repeated")


IN_TIME = checks.replies_ok("e", "E", 1, checks.any_site, in_time=True)


def test_a_reply_for_which_nobody_waits_any_more_is_no_answer_where_time_counts() -> None:
    late = receiving(RIGHT[0], replace(RIGHT[1], answered_in_time=False), lines=LINES)

    assert judge(IN_TIME, receiving(*RIGHT, lines=LINES)).passed
    assert judged(IN_TIME, late).code == "handler.no_end"
    assert judge(REPLIES, late).passed


@pytest.mark.parametrize("fields", [{"fate": (FaultKind.DELAY,)}, {"waits": False, "reply": None}])
def test_what_the_network_delays_or_nobody_waits_for_is_not_late(fields: dict[str, Any]) -> None:
    one = replace(RIGHT[1], answered_in_time=False, **fields)
    assert judge(IN_TIME, receiving(RIGHT[0], one, lines=LINES)).passed


LOST = [FaultKind.DROP, FaultKind.CUT, FaultKind.DIE]


@pytest.mark.parametrize("check", [*ALL, IN_TIME, checks.each_once("f", "F", 1, checks.any_site)])
@pytest.mark.parametrize(
    "lost",
    [{"fate": (kind,), "reply": None, "answered_in_time": False} for kind in LOST]
    + [{"fate": (FaultKind.LATE_START,), "reply": "TOPIC_UNKNOWN"}, {"fate": (FaultKind.DROP,), "waits": False}],
)
def test_a_receiver_is_not_blamed_for_what_the_network_lost(check: Check, lost: dict[str, Any]) -> None:
    assert judge(check, receiving(RIGHT[0], replace(RIGHT[1], **lost), lines=LINES[:1])).passed
    assert not judge(check, receiving(*(replace(one, **lost) for one in RIGHT))).passed, "nothing came to be judged by"


@pytest.mark.parametrize("check", [HANDLER, LOGS, REPLIES])
@pytest.mark.parametrize("fate", [(), (FaultKind.DELAY,), (FaultKind.LOSE_REPLY,), (FaultKind.DUPLICATE,)])
def test_a_receiver_is_judged_by_what_reached_it(check: Check, fate: tuple[FaultKind, ...]) -> None:
    late = replace(RIGHT[1], fate=fate, answered_in_time=False)
    none = replace(RIGHT[1], fate=fate, reply=None, answered_in_time=False)

    assert judge(check, receiving(RIGHT[0], late, lines=LINES)).passed
    assert not judge(check, receiving(RIGHT[0], none, lines=LINES[:1])).passed


def test_a_message_that_the_network_doubles_may_be_logged_twice_and_one_that_it_loses_not_at_all() -> None:
    doubled = replace(RIGHT[0], fate=(FaultKind.DUPLICATE,))
    lost = replace(RIGHT[0], fate=(FaultKind.DROP,), reply=None)

    assert judge(ELSE, receiving(doubled, RIGHT[1], lines=(*LINES, LINES[0]))).passed
    assert judged(ELSE, receiving(doubled, RIGHT[1], lines=(*LINES, *LINES[:1] * 2))).code == "log.repeated"
    assert judged(ELSE, receiving(lost, *RIGHT, lines=(*LINES, LINES[0]))).code == "log.repeated"


def test_a_lost_request_that_nvflare_sends_again_has_come() -> None:
    lost = replace(RIGHT[1], fate=(FaultKind.DROP,), transaction="t", reply=None, answered_in_time=False)
    again = replace(lost, fate=(), again=True)

    assert judge(HANDLER, receiving(RIGHT[0], lost, lines=LINES)).passed
    assert not judge(HANDLER, receiving(RIGHT[0], lost, again, lines=LINES)).passed


def test_a_retransmission_is_no_second_message() -> None:
    again = replace(RIGHT[0], again=True, transaction="t")
    run = receiving(*RIGHT, again, lines=LINES)
    twice = receiving(*RIGHT, again, lines=(*LINES, LINES[0]))

    assert all(judge(check, run).passed for check in ALL)
    assert judged(ELSE, twice).code == "log.repeated", "its handler ran once, so it logs once"


def test_what_was_sent_before_the_exercise_is_none_of_the_messages_that_are_to_be_handled() -> None:
    early = tuple(replace(one, early=True, reply="TOPIC_UNKNOWN") for one in RIGHT)

    assert judge(HANDLER, receiving(*early, *RIGHT, lines=LINES)).passed
    assert not judge(HANDLER, receiving(*early, lines=LINES)).passed


def test_where_not_all_messages_are_looked_at_no_line_is_one_too_many() -> None:
    many = tuple(message("site-0", STUDENT) for _ in range(MOST_MESSAGES - 1))
    text = "Received message from site-0: Hello from site-0"
    lines = tuple(line(STUDENT, text) for _ in range(MOST_MESSAGES + 1))
    rest = (message("site-2", STUDENT), line(STUDENT, "Received message from site-2: Hello from site-2"))
    cut, whole = (receiving(*came, rest[0], lines=(*lines, rest[1])) for came in (many, many[1:]))

    assert ELSE.judge([cut]).passed
    assert judged(ELSE, whole).code == "log.repeated"
