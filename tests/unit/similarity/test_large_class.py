"""A class of thousands: who copied is found, and the work grows with the class and not with its square."""

import random

import pytest

from autograder.similarity.comparison import compare
from autograder.similarity.shapes import Fingerprint
from autograder.similarity.weights import MOST_SHARING, Weights
from tests.unit.similarity.test_comparison import STUB, trees

_PARTS = 60
"""The shapes that a submission has of its own."""


def written(seed: int) -> Fingerprint:
    """What somebody wrote: some shapes that are everywhere, some that are frequent, some that few have."""
    draw = random.Random(seed)
    usual = range(20)
    frequent = draw.sample(range(100, 300), 20)
    rare = draw.sample(range(1_000, 200_000), 20)
    return Fingerprint(frozenset([*usual, *frequent, *rare]), {"execute": seed})


def copied(original: Fingerprint, seed: int) -> Fingerprint:
    """The same with two shapes changed."""
    draw = random.Random(seed)
    kept = sorted(original.shapes)
    return Fingerprint(frozenset([*draw.sample(kept, len(kept) - 2), *draw.sample(range(300_000, 400_000), 2)]), {})


def near(prints: list[Fingerprint], threshold: float = 0.8) -> tuple[set[tuple[int, int]], int]:
    """The pairs that are alike, and how many were compared for it."""
    weights = Weights([(1, one) for one in prints])
    candidates = list(weights.candidates(prints, threshold))
    assert len(candidates) == len(set(candidates))
    return {pair for pair in candidates if weights.likeness(*(prints[at] for at in pair)) >= threshold}, len(candidates)


def test_of_7700_those_who_copied_are_found_by_few_comparisons() -> None:
    prints = [written(seed) for seed in range(7_700)]
    pairs = {(copied_from, 7_700 - 1 - copied_from) for copied_from in range(50)}
    for original, copy in pairs:
        prints[copy] = copied(prints[original], copy)
    found, compared = near(prints)
    assert found == pairs
    assert compared < 10 * len(prints)


def test_variants_of_one_answer_take_no_square_of_comparisons() -> None:
    draw = random.Random(1)
    variants = [frozenset(2 * part + draw.randrange(2) for part in range(_PARTS)) for _ in range(3_000)]
    _, compared = near([Fingerprint(one, {}) for one in variants])
    assert compared <= len(variants) * MOST_SHARING * _PARTS / 2
    assert compared < 3_000 * 2_999 / 2 / 100


@pytest.mark.parametrize("seed", range(20))
def test_in_a_small_class_nobody_is_missed(seed: int) -> None:
    draw = random.Random(seed)
    prints = [
        Fingerprint(frozenset(draw.sample(range(40), draw.randrange(12, 30))), {}) for _ in range(min(60, MOST_SHARING))
    ]
    prints += [copied(one, seed) for one in prints[:10]]
    weights = Weights([(1, one) for one in prints])
    every = {(a, b) for b in range(len(prints)) for a in range(b)}
    for threshold in (0.3, 0.5, 0.8):
        alike = {pair for pair in every if weights.likeness(*(prints[at] for at in pair)) >= threshold}
        assert near(prints, threshold)[0] == alike


def test_a_class_from_its_code() -> None:
    def program(seed: int) -> str:
        draw = random.Random(seed)
        calls = [f"f{draw.randrange(150)}(a, {draw.randrange(9)}, *{draw.choice('bcd')})" for _ in range(30)]
        return "\n".join(f"x{number} = {call}" for number, call in enumerate(calls))

    class_ = {f"student-{number}": trees(program(number)) for number in range(150)}
    class_["copy"] = trees(program(7).replace("x3", "mine"))
    found = compare(class_.items(), trees(STUB))
    assert [group.students for group in found.groups] == [("copy", "student-7")]
