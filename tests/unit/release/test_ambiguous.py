"""Requests that say the same and are to be answered differently: ``verify`` refuses what nothing tells apart."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from autograder.release.ambiguous import ambiguous_in
from autograder.release.fault import Fault
from autograder.rubric.matchers import AnyOf, Anything, Close, Equals, Satisfies, Text
from autograder.rubric.model import Assignment
from autograder.simulator.network.content import Content, Matcher
from autograder.simulator.scenario import Expected
from tests.unit.release.right_scenario import hello, scenario, with_first

WAY = "hello from site-0 to site-1"
A, B = Text("a", "A"), Text("a", "B")


def ask(content: Matcher, answer: float = 1.0, **fields: Any) -> Expected:
    """A request that is to be answered with a number."""
    return Expected("site-0", "site-1", "hello", content, reply_content=Equals(None, {"v": answer}), **fields)


def right(content: Content) -> str:
    return ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (hello(), hello(reply="ERROR")),
        (ask(Anything("one")), ask(Anything("one"), 2)),
        (ask(Satisfies(right)), ask(Satisfies(right), 2)),
        (ask(Equals("X", {"n": [1, 2]})), ask(Close("X", {"n": (1, 2)}, atol=0.1), 2)),
        (ask(Close("X", {"n": 1.0}, atol=0.1)), ask(Close("X", {"n": 1.05}, atol=0.1), 2)),
        (ask(A, key={"n": 1}), ask(A, 2, key={"n": 1}, label="another")),
        (ask(AnyOf((A, B))), ask(AnyOf((B, A)), 2)),
    ],
)
def test_what_nothing_tells_apart_is_refused_with_its_places(one: Expected, other: Expected) -> None:
    for expected, places in (([one, other], (1, 2)), ([other, ask(Equals("Z", {}), 3), one], (1, 3))):
        (wrong,) = ambiguous_in(WAY, expected)
        assert wrong.code == "expected.reply_ambiguous"
        assert wrong.data == {"way": WAY, "first": places[0], "second": places[1]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ask(A), replace(ask(A), repeats=True)),
        (ask(A), ask(B, 2)),
        (ask(Equals("X", {"n": 1})), ask(Equals("X", {"n": 2}), 2)),
        (ask(Equals("X", {"n": 1})), ask(Equals("Y", {"n": 1}), 2)),
        (ask(Equals("X", {"n": 1}, {"round": 1})), ask(Equals("X", {"n": 1}, {"round": 2}), 2)),
        (ask(Close("X", {"n": 1.0}, atol=0.1)), ask(Close("X", {"n": 1.2}, atol=0.1), 2)),
        (ask(A, key={"n": 1}), ask(A, 2, key={"n": 2})),
        (ask(A), ask(Anything(), 2)),
        (hello(), hello(reply_content=Anything())),
        (hello(reply_content=Close("X", {"n": 1.0}, atol=0.1)), hello(reply_content=Close("X", {"n": 1.0}, atol=0.2))),
        (hello(reply_content=Satisfies(lambda _: "")), hello(reply_content=Satisfies(lambda _: ""))),
        (ask(AnyOf((A, B))), ask(AnyOf((B, Text("a", "C"))), 2)),
    ],
)
def test_what_is_told_apart_or_answered_alike_is_not(one: Expected, other: Expected) -> None:
    assert list(ambiguous_in(WAY, [one, other])) == []
    assert list(ambiguous_in(WAY, [other, one])) == []


def test_the_exercise_and_the_messages_are_named(found: Callable[[Assignment], list[Fault]]) -> None:
    expected = (hello("site-1", "site-0", reply="ERROR"), hello(), hello(reply="ERROR"))
    (fault,) = found(with_first(cross_play=lambda cast: (scenario(cast, expected=expected),)))

    assert fault.code == "expected.reply_ambiguous"
    assert fault.data == {"scenario": "send", "credited": "", "way": WAY, "first": 1, "second": 2}
    assert fault.where.endswith(", exercise execute")


def test_what_is_drawn_for_each_seed_is_one_fault(found: Callable[[Assignment], list[Fault]]) -> None:
    def expected(seed: int) -> tuple[Expected, ...]:
        drawn = replace(hello(), content=Text("message", f"Hello {seed}"))
        return hello("site-1", "site-0"), drawn, replace(drawn, reply="ERROR")

    faults = found(with_first(cross_play=lambda cast: (scenario(cast, expected=expected(cast.seed)),)))
    assert [fault.code for fault in faults] == ["expected.reply_ambiguous"]
