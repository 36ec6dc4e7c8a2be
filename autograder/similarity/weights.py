"""Weighs how unusual shapes are in a class, and finds submissions that share so much that they may be alike.

Comparing each with each would take a class of thousands hours. Two submissions that are alike share one of their most
unusual shapes: if they had none of those in common, what is left could not make up the likeness. So only submissions
that share one are compared, which are few (Chaudhuri, Ganti and Kaushik, 2006: prefix filtering).
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.similarity.shapes import Fingerprint

MOST_SHARING = 200
"""A shape that more submissions have than this is no lead to another one. In a class no larger than this all are."""


class Weights:
    """The weights of shapes: how unusual each one is in a class."""

    def __init__(self, class_: Sequence[tuple[int, Fingerprint]]) -> None:
        """Count the shapes of a class, given as how many students have a fingerprint, and which."""
        have: Counter[int] = Counter()
        for count, one in class_:
            have.update(dict.fromkeys(one.shapes, count))
        everyone = sum(count for count, _ in class_)
        self._bits = {shape: math.log2(everyone / count) for shape, count in have.items()}
        self._all = {one.shapes: self._sum(one.shapes) for _, one in class_}
        self.usual = frozenset(shape for shape, count in have.items() if count > everyone / 2)
        """What more than half of the class have."""

    def of(self, one: Fingerprint) -> float:
        """Return the weight of a whole submission, in bits."""
        return self._all[one.shapes]

    def shared(self, one: Fingerprint, other: Fingerprint) -> float:
        """Return what two have in common, in bits."""
        return self._sum(one.shapes & other.shapes)

    def likeness(self, one: Fingerprint, other: Fingerprint) -> float:
        """Return what two have in common of all that they have, from 0 to 1."""
        shared = self.shared(one, other)
        either = self._all[one.shapes] + self._all[other.shapes] - shared
        return shared / either if either else 0.0

    def candidates(self, prints: Sequence[Fingerprint], threshold: float) -> Iterator[tuple[int, int]]:
        """Yield the pairs, by their places, that can reach a likeness; each once, the smaller place first."""
        sharing = Counter(shape for one in prints for shape in one.shapes)
        with_shape: dict[int, list[int]] = {}
        for place, one in enumerate(prints):
            others: set[int] = set()
            for shape in self._telling(one, threshold):
                if sharing[shape] <= MOST_SHARING:
                    before = with_shape.setdefault(shape, [])
                    others.update(before)
                    before.append(place)
            weight = self.of(one)
            for other in sorted(others):
                smaller, larger = sorted((weight, self.of(prints[other])))
                if smaller >= threshold * larger:
                    yield other, place

    def _telling(self, one: Fingerprint, threshold: float) -> Iterator[int]:
        """Yield the most unusual shapes of a submission, of which one that is alike has at least one."""
        left, needed = self.of(one), threshold * self.of(one)
        for shape in sorted(one.shapes, key=lambda shape: (-self._bits[shape], shape)):
            if left < needed * (1 - 1e-9) or not self._bits[shape]:
                return
            yield shape
            left -= self._bits[shape]

    def _sum(self, shapes: frozenset[int]) -> float:
        return math.fsum(map(self._bits.__getitem__, shapes))
