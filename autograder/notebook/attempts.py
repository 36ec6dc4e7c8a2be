"""The checks of a student's exercises, as far as they are remembered, and their form in a line of a file."""

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from autograder.report.hint_steps import first_step
from autograder.report.model import ExerciseReport, Verdict
from autograder.report.words import first_to_mend

MOST = 50
"""The attempts of each exercise that are remembered."""
_LONGEST = 600
_MOST_FAILED = 20


@dataclass(frozen=True)
class Attempt:
    """A check of an exercise.

    Attributes:
        exercise: its name.
        when: the time, with a zone.
        failed: the names of the checks that did not pass.
        first_step: where to look first; empty when all passed.
        reason: the whole hint to follow first.
    """

    exercise: str
    when: datetime
    points: float
    max_points: float
    failed: tuple[str, ...] = ()
    first_step: str = ""
    reason: str = ""

    @classmethod
    def of(cls, report: ExerciseReport, when: datetime) -> "Attempt | None":
        """Return what a check has found; None when the run itself broke, which says nothing of the exercise."""
        if report.verdict is Verdict.INFRASTRUCTURE:
            return None
        failed = tuple(check.name for check in report.checks if check.verdict is not Verdict.PASSED)
        first = first_to_mend(report)
        step = first_step(first) if first else ""
        return _cut(cls(report.name, when, report.points, report.max_points, failed, step, report.reason))

    def as_line(self) -> str:
        """Return the attempt as a line of JSON."""
        return json.dumps({**asdict(self), "when": self.when.isoformat()}) + "\n"

    @classmethod
    def of_line(cls, line: bytes) -> "Attempt | None":
        """Return the attempt that a line holds; None for a line that holds none, whatever it is."""
        try:
            told = json.loads(line)
            when = datetime.fromisoformat(told["when"]).astimezone()
            points, of = float(told["points"]), float(told["max_points"])
            failed = tuple(str(name) for name in told["failed"])
            found = cls(str(told["exercise"]), when, points, of, failed, str(told["first_step"]), str(told["reason"]))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None
        return _cut(found) if 0 <= points <= of < math.inf else None


def _cut(attempt: Attempt) -> Attempt:
    """Return an attempt that is not larger than any may be."""
    failed = tuple(name[:_LONGEST] for name in attempt.failed[:_MOST_FAILED])
    told = (attempt.first_step[:_LONGEST], attempt.reason[:_LONGEST])
    return Attempt(attempt.exercise, attempt.when, attempt.points, attempt.max_points, failed, *told)


def newest(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the newest attempts of each exercise, in their order."""
    seen: Counter[str] = Counter()
    kept = []
    for attempt in reversed(list(attempts)):
        seen[attempt.exercise] += 1
        if seen[attempt.exercise] <= MOST:
            kept.append(attempt)
    return kept[::-1]
