"""Finds submissions that are built alike. Only syntax trees are compared, so names, comments and texts do not matter.

A tree is taken apart into its subtrees, each reduced to its shape (`autograder.similarity.shapes`). Shapes of what was
handed out do not count. Of two submissions the likeness is what they share of all the shapes that they have, where a
shape counts the less the more of the class have it: log2(class / those who have it) bits.

Short exercises have few right answers. So even equal shapes prove nothing, and what many have is told apart as common.
"""

import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.similarity.shapes import Fingerprint, HandedOut, Trees
from autograder.similarity.weights import Weights

LOWEST_THRESHOLD = 0.8
"""However different the class's submissions are from each other, pairs below this are no hint."""

_LEAST_SHAPES = 12
"""The number of shapes beside what was handed out below which there is too little to compare."""
_LEAST_BITS = 20.0
"""The weight that what two submissions share must have at least."""
_COMMON_SHARE = 0.1
_COMMON_COUNT = 4
"""A group of at least so many students, and of more than this share of the class, has a common answer."""
_MOST_GROUPS = 100
_SAMPLE = 20_000
"""The pairs by which the usual likeness is estimated; all of a class of 200."""


@dataclass(frozen=True)
class Alike:
    """Students whose code is built nearly alike.

    Attributes:
        students: at least two.
        likeness: from 0 to 1; 1 when all shapes are the same.
        cells: the solution cells that are the same shape by shape.
    """

    students: tuple[str, ...]
    likeness: float
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """The result of comparing the submissions of a class with each other.

    Attributes:
        groups: students who are more alike than the class otherwise is, the most alike first.
        common: groups that are so large that their answer is probably just the usual one.
        compared: how many submissions had enough code of their own.
        threshold: the likeness from which on two submissions are in `groups`.
        usual: shapes that most of the class have, for setting code side by side.
        left_out: how many further groups there were.
    """

    groups: tuple[Alike, ...]
    common: tuple[Alike, ...]
    compared: int
    threshold: float
    usual: frozenset[int] = frozenset()
    left_out: int = 0


@dataclass(frozen=True)
class _Same:
    """Students with the same shapes.

    Attributes:
        now: how many of them are of this class.
    """

    students: tuple[str, ...]
    now: int
    print: Fingerprint


def compare(
    submissions: Iterable[tuple[str, Trees]], handed_out: Trees, earlier: Iterable[tuple[str, Trees]] = ()
) -> Comparison:
    """Compare the submissions of a class, given by student, with each other and with those of earlier classes.

    The threshold follows the class: it is the far fence of Tukey's box plot (the upper quartile and three times the
    distance of the quartiles) over the likeness of pairs that are not the same, but at least `LOWEST_THRESHOLD`. Of a
    large class it is estimated by a sample of its pairs, which is the same each time.

    Args:
        handed_out: the code that everybody was given, by solution cell where it is the stub of one.
        earlier: submissions with which this class is compared, but not with each other. Their names must differ.
    """
    known = HandedOut.of(handed_out)
    now = _with_enough(submissions, known)
    same = _same(now, _with_enough(earlier, known))
    compared = len(now)
    weights = Weights([(len(one.students), one.print) for one in same])
    common = [one for one in same if _is_common(one.now, compared)]
    rare = [one for one in same if not _is_common(one.now, compared)]
    threshold = _threshold(weights, [one.print for one in rare])
    groups = [
        Alike(one.students, 1.0, tuple(one.print.cells))
        for one in rare
        if one.now and len(one.students) > 1 and weights.of(one.print) >= _LEAST_BITS
    ]
    groups += _near(rare, weights, threshold)
    groups.sort(key=lambda group: (-group.likeness, len(group.students), group.students))
    return Comparison(
        tuple(groups[:_MOST_GROUPS]),
        tuple(Alike(one.students, 1.0, tuple(one.print.cells)) for one in common),
        compared,
        threshold,
        weights.usual,
        max(0, len(groups) - _MOST_GROUPS),
    )


def _with_enough(submissions: Iterable[tuple[str, Trees]], known: HandedOut) -> dict[str, Fingerprint]:
    """Return the fingerprints of those who have enough code of their own. A tree is not needed any longer then."""
    prints = ((student, Fingerprint.of(trees, known)) for student, trees in submissions)
    return {student: one for student, one in prints if len(one.shapes) >= _LEAST_SHAPES}


def _near(rare: Sequence[_Same], weights: Weights, threshold: float) -> list[Alike]:
    """Return the pairs that are alike and not the same, of which one at least is of this class."""
    found = []
    prints = [one.print for one in rare]
    for first, second in weights.candidates(prints, threshold):
        one, other = rare[first], rare[second]
        likeness = weights.likeness(one.print, other.print)
        told = likeness >= threshold and weights.shared(one.print, other.print) >= _LEAST_BITS
        if told and (one.now or other.now):
            found.append(Alike((*one.students, *other.students), likeness, one.print.same_cells(other.print)))
    return found


def _is_common(count: int, compared: int) -> bool:
    return count >= _COMMON_COUNT and count > _COMMON_SHARE * compared


def _threshold(weights: Weights, prints: Sequence[Fingerprint]) -> float:
    likenesses = [weights.likeness(prints[one], prints[other]) for one, other in _some_pairs(len(prints))]
    if len(likenesses) < 2:
        return LOWEST_THRESHOLD
    lower, _, upper = statistics.quantiles(likenesses, n=4, method="inclusive")
    return min(1.0, max(LOWEST_THRESHOLD, upper + 3 * (upper - lower)))


def _some_pairs(count: int) -> Iterable[tuple[int, int]]:
    """Return all pairs of so many, or as many as are enough; the same each time."""
    if count * (count - 1) // 2 <= _SAMPLE:
        return combinations(range(count), 2)
    draw = random.Random(count)
    pairs = (draw.sample(range(count), 2) for _ in range(_SAMPLE))
    return [(first, second) for first, second in pairs]


def _same(now: dict[str, Fingerprint], earlier: dict[str, Fingerprint]) -> list[_Same]:
    """Return students with the same shapes together."""
    prints = now | earlier
    students: dict[frozenset[int], list[str]] = {}
    for student, one in prints.items():
        students.setdefault(one.shapes, []).append(student)
    return [
        _Same(tuple(sorted(who)), sum(one in now for one in who), _all_have([prints[one] for one in who]))
        for who in students.values()
    ]


def _all_have(prints: Sequence[Fingerprint]) -> Fingerprint:
    """Make one fingerprint of those with the same shapes, with the cells that are equal in all of them."""
    cells = (cell for cell in prints[0].cells.items() if all(cell in one.cells.items() for one in prints))
    return Fingerprint(prints[0].shapes, dict(cells))
