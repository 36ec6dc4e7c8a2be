"""The one matching: every message in one place, every expectation in one pair, whatever the order."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.evidence.model import Message
from autograder.rubric.matchers import AnyOf, Anything, Close, Equals, Text
from autograder.rubric.matching import Matching, match, mismatch_of
from autograder.simulator.network.content import Content, Matcher, Value
from autograder.simulator.scenario import Expected

PARTIES = st.sampled_from(["site-0", "site-1"])
TOPICS = st.sampled_from(["values", "other"])
SMALL = st.integers(0, 3)
TIMES = st.sampled_from([(1, 1), (1, 1), (0, 1), (0, None), (1, None), (1, 3), (2, 2), (2, 4)])
MATCHERS: st.SearchStrategy[Matcher] = st.one_of(
    SMALL.map(lambda number: Equals("X", {"v": number})),
    SMALL.map(lambda number: Close("X", {"v": number}, atol=1)),
    st.just(Anything()),
    SMALL.map(lambda number: AnyOf((Equals("X", {"v": number}), Text("t", "a")))),
)
KEYS: st.SearchStrategy[dict[str, int]] = st.one_of(st.just({}), SMALL.map(lambda number: {"v": number}))
CONTENTS = st.one_of(
    SMALL.map(lambda number: Content("X", {"v": number})),
    st.sampled_from([Content("APP_DEFINED", {"t": "a"}), Content()]),
)
A, VALUES = st.just("a"), st.just("values")
"""On one way there is more to be matched."""


def expectations(parties: st.SearchStrategy[str], topics: st.SearchStrategy[str]) -> st.SearchStrategy[list[Expected]]:
    return st.lists(st.builds(Expected, parties, parties, topics, MATCHERS, times=TIMES, key=KEYS), max_size=7)


def messages(parties: st.SearchStrategy[str], topics: st.SearchStrategy[str]) -> st.SearchStrategy[list[Message]]:
    credited = st.sampled_from([False] * 5 + [True])
    made = st.builds(Message, st.just(0), parties, parties, topics, CONTENTS, credited=credited)
    return st.lists(made, max_size=10).map(numbered)


def numbered(made: Sequence[Message]) -> list[Message]:
    return [replace(one, number=number) for number, one in enumerate(made, start=1)]


ANYWHERE = (expectations(PARTIES, TOPICS), messages(PARTIES, TOPICS))
ONE_WAY = (expectations(A, VALUES), messages(A, VALUES))


def exact(found: Matching) -> int:
    """How many messages meet what they stand for."""
    return sum(len(pair.messages) - len(pair.wrong) for pair in found.pairs)


def lacking(found: Matching) -> int:
    return sum(pair.lacking for pair in found.pairs)


@given(*ANYWHERE)
def test_everything_is_in_exactly_one_place(expected: list[Expected], seen: list[Message]) -> None:
    found = match(expected, seen)

    assert list(found.expected) == expected
    placed = [m.number for pair in found.pairs for m in (*pair.messages, *pair.repeated)] + [
        m.number for m in found.extra
    ]
    assert sorted(placed) == [message.number for message in seen]
    for pair in found.pairs:
        wanted = pair.expected
        for one in (*pair.messages, *pair.repeated):
            assert (one.sender, one.receiver, one.topic) == (wanted.sender, wanted.receiver, wanted.topic)
            assert found.pair_of(one) is pair
        assert wanted.times[1] is None or len(pair.messages) <= wanted.times[1]
        assert not (pair.repeated and pair.lacking)
        assert pair in found.missing or len(pair.messages) >= wanted.times[0]
        assert list(pair.messages) == sorted(pair.messages, key=lambda message: message.number)
    assert all(found.pair_of(one) is None for one in found.extra)


@given(*ANYWHERE)
def test_what_is_wrong_is_just_what_meets_its_expectation_not(expected: list[Expected], seen: list[Message]) -> None:
    for pair in match(expected, seen).pairs:
        for one in pair.messages:
            mismatch = None if one.credited else mismatch_of(pair.expected, one.content)
            assert pair.wrong.get(one.number) == mismatch


@given(*ONE_WAY, st.randoms(use_true_random=False))
def test_neither_order_changes_what_is_missing_wrong_or_too_much(
    expected: list[Expected], seen: list[Message], random: Random
) -> None:
    found = match(expected, seen)
    shuffled, renumbered = list(expected), list(seen)
    random.shuffle(shuffled)
    random.shuffle(renumbered)

    for other in (match(shuffled, seen), match(expected, numbered(renumbered))):
        assert exact(other) == exact(found)
        assert lacking(other) == lacking(found)


@given(*ONE_WAY)
def test_no_message_is_wrong_while_it_could_be_right(expected: list[Expected], seen: list[Message]) -> None:
    """As many messages meet an expectation as can: found by trying all ways on a small scale."""
    found = match(expected, seen)

    assert exact(found) == _most(expected, seen)


def _most(expected: Sequence[Expected], seen: Sequence[Message]) -> int:
    """A maximum flow by repeated search over slots, one slot for each time that something may be sent."""
    slots = [one for one in expected for _ in range(len(seen) if one.times[1] is None else one.times[1])]
    holder: dict[int, int] = {}

    def fits(message: Message, slot: Expected) -> bool:
        way = (slot.sender, slot.receiver, slot.topic) == (message.sender, message.receiver, message.topic)
        return way and (message.credited or mismatch_of(slot, message.content) is None)

    def place(number: int, tried: set[int]) -> bool:
        for at, slot in enumerate(slots):
            if at not in tried and fits(seen[number], slot):
                tried.add(at)
                if at not in holder or place(holder[at], tried):
                    holder[at] = number
                    return True
        return False

    return sum(place(number, set()) for number in range(len(seen)))


def rounds(values: Sequence[float], **more: Any) -> list[Expected]:
    return [
        Expected("a", "b", "values", Close("X", {"v": value}, atol=0.01), f"round {k}", **more)
        for k, value in enumerate(values)
    ]


def sent(*values: float, **more: Value) -> list[Message]:
    return [
        Message(n, "a", "b", "values", Content("X", {"v": value, **more})) for n, value in enumerate(values, start=1)
    ]


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=25))
def test_the_message_of_a_round_stands_for_that_round(values: list[float]) -> None:
    found = match(rounds(values), sent(*values))

    assert [pair.messages[0].number for pair in found.pairs] == list(range(1, len(values) + 1))
    assert not found.extra and not found.missing and not any(pair.wrong for pair in found.pairs)


def test_a_wrong_round_is_the_only_one_that_is_wrong() -> None:
    found = match(rounds([1, 2, 3, 4]), sent(1, 7, 3, 4))

    assert [bool(pair.wrong) for pair in found.pairs] == [False, True, False, False]
    assert [pair.messages[0].number for pair in found.pairs] == [1, 2, 3, 4]


def test_a_message_that_is_known_by_its_key_stands_for_its_round() -> None:
    expected = [Expected("a", "b", "values", Equals("X", {"round": k, "v": k}), key={"round": k}) for k in range(4)]
    seen = [
        Message(n, "a", "b", "values", Content("X", {"round": k, "v": v}))
        for n, (k, v) in enumerate([(0, 0), (3, 9), (2, 9)])
    ]
    found = match(expected, seen)

    assert [[one.content.get("round") for one in pair.messages] for pair in found.pairs] == [[0], [], [2], [3]]
    assert [pair.expected.key["round"] for pair in found.missing] == [1]


def test_the_same_once_more_is_repeated_and_something_else_was_not_asked_for() -> None:
    found = match(rounds([1]), sent(1, 1, 2))

    (pair,) = found.pairs
    assert ([m.number for m in pair.messages], [m.number for m in pair.repeated]) == ([1], [2])
    assert [message.number for message in found.extra] == [3]
    assert (found.surplus("a"), found.surplus("a", "b"), found.surplus("a", "c"), found.surplus("b")) == (2, 2, 0, 0)


@pytest.mark.parametrize(
    ("times", "taken", "repeated", "lacking_"), [((1, 3), 3, 1, 0), ((0, None), 4, 0, 0), ((5, 9), 4, 0, 1)]
)
def test_how_often_it_may_be_sent_counts(
    times: tuple[int, int | None], taken: int, repeated: int, lacking_: int
) -> None:
    (pair,) = match(rounds([1], times=times), sent(1, 1, 1, 1)).pairs

    assert (len(pair.messages), len(pair.repeated), pair.lacking) == (taken, repeated, lacking_)


def test_what_came_too_often_does_not_stand_for_what_may_be() -> None:
    first, maybe = (
        Expected("a", "a", "values", Equals("X", {"v": one}), times=times, key={"v": one})
        for one, times in ((1, (1, 1)), (2, (0, 1)))
    )
    found = match([first, maybe], numbered([Message(0, "a", "a", "values", Content("X", {"v": 1}))] * 2))

    assert [(len(pair.messages), len(pair.repeated)) for pair in found.pairs] == [(1, 1), (0, 0)]
