"""Decides whether a grading earned what was expected: full marks, or the points that ``--expect`` names."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.report.model import Report, Verdict
from autograder.rubric.model import Assignment

_JUDGED = {Verdict.PASSED, Verdict.NOT_PASSED}


@dataclass(frozen=True)
class ExpectedPoints:
    """The points that each grading must earn.

    Attributes:
        exercises: every exercise to its points.
        words: what was expected in words.
        total: points of the whole submission, whichever exercises they come from; None where each exercise counts.
    """

    exercises: Mapping[str, float]
    words: str
    total: float | None = None

    @classmethod
    def read(cls, words: Sequence[str], assignment: Assignment) -> "ExpectedPoints":
        """Read the words after ``--expect``: one number, or ``exercise=points`` for some exercises; none: full marks.

        Raises:
            ValueError: when no grading of the assignment could ever match; the message says what can be given.
        """
        most = {exercise.name: exercise.max_points for exercise in assignment.exercises}
        if len(words) == 1 and "=" not in words[0]:
            total = _points(words[0], words[0], sum(most.values()))
            return cls(most, f"{total:g} points", total)
        named = _named(words, most)
        told = ", ".join(f"{name}={points:g}" for name, points in named.items())
        return cls({**most, **named}, f"{told}, full marks for other exercises" if named else "full marks")

    def met_by(self, report: Report) -> bool:
        """Tell whether the grading came to a verdict on every exercise, and to exactly these points."""
        earned = {exercise.name: exercise.points for exercise in report.exercises}
        if earned.keys() != self.exercises.keys() or {one.verdict for one in report.exercises} - _JUDGED:
            return False
        if self.total is not None:
            return math.isclose(report.points, self.total)
        return all(math.isclose(earned[name], points) for name, points in self.exercises.items())


def _named(words: Sequence[str], most: Mapping[str, float]) -> dict[str, float]:
    named: dict[str, float] = {}
    for word in words:
        name, _, points = word.partition("=")
        if name not in most:
            known = ", ".join(f"{known}=POINTS" for known in most)
            raise ValueError(f"--expect takes one number for all exercises, or {known}; {word!r} is neither")
        if name in named:
            raise ValueError(f"--expect names {name} twice")
        named[name] = _points(points, word, most[name])
    return named


def _points(text: str, word: str, most: float) -> float:
    try:
        points = float(text)
    except ValueError:
        points = math.nan
    if not 0 <= points <= most:
        raise ValueError(f"--expect takes points from 0 to {most:g}; {word!r} says something else")
    return points
