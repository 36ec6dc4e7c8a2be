"""The change of a grade, in words for a person who has to agree with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.report.grade import Grade, shown

SUBMITTED, HANDED_IN, REPORT = "submitted", "handed in", "report"
"""Parts of the stamp of a result: what it was made of."""

GIVEN = "given by hand"
"""The part that says which points by hand there were when a penalty for being late was worked out."""

FIRST = "first grading"


_WHY = {
    SUBMITTED: "another notebook",
    HANDED_IN: "handed in at another time",
    REPORT: "the course has changed",
    GIVEN: "points by hand",
}


@dataclass(frozen=True)
class Standing:
    """The entry of a submission in the gradebook, and the result that it comes from.

    Attributes:
        grade: None when it has none.
        stamp: from which files and which report its result was made, by name; empty when there is no result.
    """

    grade: Grade | None = None
    stamp: Mapping[str, Any] | None = None


def change(before: Standing, after: Standing) -> str:
    """Return from what to what a grade changes and why, such as ``9 → 12: another notebook``; empty if it does not."""
    old, new = shown(before.grade), shown(after.grade)
    return "" if old == new else f"{old} → {new}: {_why(before, after)}"


def _why(before: Standing, after: Standing) -> str:
    if before.grade is None:
        return FIRST
    if not after.stamp:
        return "the grader has no result any more"
    if not before.stamp:
        return "the grader had no result before"
    differs = (why for part, why in _WHY.items() if before.stamp.get(part) != after.stamp.get(part))
    return next(differs, "graded again")
