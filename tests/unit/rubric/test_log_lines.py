"""Log lines as an author declares them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.evidence.model import Message
from autograder.rubric.log_lines import Fields, blank, fields_of, filled, parsed, says, sender_told
from autograder.simulator.network.content import Content, Value
from autograder.simulator.scenario import LogTemplate

HELLO = LogTemplate("Received message from {sender}: {message}")
VALUE = LogTemplate("round {round}: value {value} of {site}.", {"site": "site-1"}, atol=1e-3)
WORDS = st.text(st.characters(exclude_characters="{}"), max_size=12)


def message(**data: Value) -> Message:
    return Message(1, "site-0", "site-1", "hello", Content("APP_DEFINED", data))


@given(WORDS, WORDS)
def test_a_line_that_was_filled_says_what_it_was_filled_with(sender: str, text: str) -> None:
    fields: Fields = {"sender": sender, "message": text}
    line = filled(HELLO, fields)

    assert says(HELLO, line, fields)
    assert not says(HELLO, f"{line}x", fields) and not says(HELLO, f"x{line}", fields)
    if ":" not in sender:
        assert parsed(HELLO, line) == fields


@given(st.integers(0, 99), st.floats(-1e3, 1e3), st.floats(-2e-3, 2e-3))
def test_a_number_is_compared_as_one(number: int, value: float, off: float) -> None:
    fields: Fields = {"round": number, "value": value, "site": "site-1"}
    line = filled(VALUE, {**fields, "value": value + off})

    assert says(VALUE, line, fields) == (abs(float(str(value + off)) - value) <= 1e-3)


@given(WORDS, st.dictionaries(st.sampled_from(["sender", "message"]), st.one_of(WORDS, st.floats(), st.none())))
def test_any_line_can_be_looked_at(line: str, fields: Fields) -> None:
    for template in (HELLO, VALUE, LogTemplate("{a}{b}"), LogTemplate("")):
        assert isinstance(says(template, line, fields), bool)
        parsed(template, line)
        sender_told(template, line)


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("0.5", True),
        (".5", True),
        ("5e-1", True),
        ("+0.50000", True),
        ("0.4995", True),
        ("0.6", False),
        ("half", False),
    ],
)
def test_a_number_may_be_written_in_any_way(written: str, right: bool) -> None:
    fields = fields_of(VALUE, message(round=3, value=0.5))

    assert says(VALUE, f"round 3: value {written} of site-1.", fields) is right


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_that_are_none_are_themselves_only(value: float) -> None:
    fields = fields_of(VALUE, message(round=3, value=value))

    assert says(VALUE, f"round 3: value {value} of site-1.", fields)
    assert not says(VALUE, "round 3: value 1.0 of site-1.", fields)


def test_fields_come_from_the_template_the_way_and_the_data() -> None:
    template = LogTemplate("{sender} {receiver} {topic} {x} {y} {z}", {"y": 2})

    assert filled(template, fields_of(template, message(x=1, y=3))) == "site-0 site-1 hello 1 2 None"


def test_a_form_is_for_what_is_shown_and_not_for_what_is_asked() -> None:
    template = LogTemplate("x = {x:.2f}", atol=0.01)

    assert filled(template, {"x": 1 / 3}) == "x = 0.33"
    assert says(template, "x = 0.3333333", {"x": 1 / 3})
    assert blank(template) == "x = <x>"


def test_who_is_named_as_the_sender_is_told() -> None:
    assert sender_told(HELLO, "Received message from me and you: x: y") == "me and you"
    assert sender_told(HELLO, "something else") is None
    assert sender_told(VALUE, "round 3: value 2") is None
