"""Hints on handlers that are not there: what became of their registration, and in which line."""

import pytest

from autograder.evidence.model import LogLine
from autograder.rubric import concepts
from tests.unit.rubric.evidence import STUDENT, judged, line, message, receiving
from tests.unit.rubric.received import (
    ELSE,
    HANDLER,
    LINES,
    LOGS,
    RECEIVER,
    REGISTERS,
    REPLIES,
    RIGHT,
    UNKNOWN,
    event_error,
    received,
)


def test_where_nothing_registers_a_handler_that_is_asked_for() -> None:
    finding = judged(HANDLER, received(RECEIVER.replace(REGISTERS, "pass"), *UNKNOWN))
    assert finding.code == "handler.not_registered"
    assert finding.where.startswith("L3: def handle_event")


@pytest.mark.parametrize("event", ["END_RUN", "BEFORE_TASK_EXECUTION"])
def test_an_event_that_comes_too_late_is_named(event: str) -> None:
    finding = judged(HANDLER, received(RECEIVER.replace("START_RUN", event), *UNKNOWN))
    assert (finding.code, finding.data["event"]) == ("handler.at_other_event", event)
    assert finding.where.startswith("L5: ")


def test_at_the_right_event_it_is_asked_whether_the_line_is_reached() -> None:
    assert judged(HANDLER, received(RECEIVER, *UNKNOWN)).code == "handler.not_reached"


def test_a_handler_that_is_called_where_it_should_be_handed_over() -> None:
    error = (
        "TypeError: P2PExecutor.on_hello() missing 3 required positional arguments: 'topic', 'request', and 'fl_ctx'"
    )
    code = RECEIVER.replace("self.on_hello)", "self.on_hello())")
    finding = judged(HANDLER, received(code, *UNKNOWN, lines=event_error(error, 5)))
    assert (finding.code, finding.data["handler"]) == ("handler.called", "on_hello")
    assert finding.where.startswith("L5: ") and finding.idea is concepts.CALLED and finding.blocks


def test_an_exception_before_the_registration_is_told_with_its_place_and_event() -> None:
    error = "AttributeError: 'P2PExecutor' object has no attribute 'register_aux_message_handler'"
    finding = judged(HANDLER, received(RECEIVER, *UNKNOWN, lines=event_error(error, 5)))
    assert (finding.code, finding.at, finding.data["event"]) == ("handle_event.raised_before", 5, "START_RUN")
    assert finding.data["told"] == error
    assert finding.where == "" and finding.idea is concepts.ENGINE


@pytest.mark.parametrize(
    ("event", "named", "code"),
    [
        ("_start_run", "START_RUN", "handle_event.raised"),
        ("_end_run", "END_RUN", "handle_event.raised_at_other"),
        ("mine", "'mine'", "handle_event.raised_at_other"),
    ],
)
def test_that_handle_event_gets_every_event_is_said_of_other_events_only(event: str, named: str, code: str) -> None:
    lines = (*LINES, *event_error("KeyError: 1", 5, event))
    finding = judged(ELSE, received(RECEIVER, *RIGHT, lines=lines))
    assert (finding.code, finding.data["told"], finding.at) == (code, "KeyError: 1", 5)
    assert finding.data["event"] == named


def test_both_lines_that_register_a_topic_are_named() -> None:
    lines = (*LINES, *event_error("ValueError: handler already registered for topic hello", 6))
    code = RECEIVER.replace(REGISTERS, f"{REGISTERS}\n            {REGISTERS}")
    finding = judged(ELSE, received(code, *RIGHT, lines=lines))
    assert finding.code == "handler.registered_twice"
    assert finding.where.count("register_aux_message_handler") == 2


def test_without_a_handler_there_is_one_reason_for_all_checks() -> None:
    for played in (received(RECEIVER.replace(REGISTERS, "pass"), *UNKNOWN), received(RECEIVER, *UNKNOWN)):
        assert len({judged(check, played).code for check in (HANDLER, LOGS, REPLIES, ELSE)}) == 1


def test_a_handle_event_that_nobody_awaits_is_called_that() -> None:
    finding = judged(HANDLER, received(RECEIVER.replace("def handle_event", "async def handle_event"), *UNKNOWN))

    assert (
        finding.idea is concepts.AWAITED and finding.where.startswith("L3: async def handle_event") and finding.blocks
    )


REGISTERED_LATE = (line(STUDENT, "registered aux handler for topic hello", origin="nvflare.x"),)


@pytest.mark.parametrize("lines", [(), REGISTERED_LATE])
@pytest.mark.parametrize(
    "timer",
    [
        "Timer(1.0, fl_ctx.get_engine().register_aux_message_handler, ['hello', self.on_hello]).start()",
        "Timer(1.0, lambda: fl_ctx.get_engine().register_aux_message_handler('hello', self.on_hello)).start()",
    ],
)
def test_a_registration_that_is_handed_over_is_shown_there(timer: str, lines: tuple[LogLine, ...]) -> None:
    finding = judged(HANDLER, received(RECEIVER.replace(REGISTERS, timer), *UNKNOWN, lines=lines))

    # With the line in the log it is known to have come too late.
    assert finding.code == ("handler.too_late" if lines else "handler.later")
    assert finding.where.startswith("L5: Timer(1.0, ")


def test_a_registration_that_fails_in_silence_is_asked_about() -> None:
    code = RECEIVER.replace(
        REGISTERS, f"try:\n                {REGISTERS}\n            except Exception:\n                pass"
    )
    finding = judged(HANDLER, received(code, *UNKNOWN))

    assert finding.idea is concepts.SWALLOWED and finding.where == "L7: except Exception:"


@pytest.mark.parametrize("topic", ["__hello", "RM.hello", "fed.event.hello", "_hello", "ObjectStreamer"])
def test_a_handler_for_a_topic_like_nvflares_is_told_of(topic: str) -> None:
    registered = line(STUDENT, f"registered aux handler for topic {topic}", origin="nvflare.x")
    own = line(STUDENT, "registered aux handler for topic __end_run__", origin="nvflare.x")

    finding = judged(HANDLER, received(RECEIVER, *UNKNOWN, lines=(own, registered)))
    assert (finding.code, finding.data["registered"]) == ("handler.other_topic", topic)


def test_a_mistyped_method_of_the_engine_gets_the_nearest_name() -> None:
    error = "AttributeError: 'SimulatorClientRunManager' object has no attribute 'register_aux_mesage_handler'"
    finding = judged(HANDLER, received(RECEIVER, *UNKNOWN, lines=event_error(error, 5)))

    assert finding.data["meant"] == "register_aux_message_handler"


def test_where_something_else_was_sent_nobody_is_told_that_nothing_was() -> None:
    other = message("site-0", STUDENT, topic="other")

    assert judged(HANDLER, receiving(other)).code == "messages.others"
    assert judged(HANDLER, receiving()).code == "messages.none"
