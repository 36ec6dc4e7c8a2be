"""An overview of the notebook's exercises: the points so far, and the checks that led there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.notebook.show import Shown
from autograder.report import words
from autograder.report.elements import BOX, LINE, element, prose, safe
from autograder.report.model import ExerciseReport, Verdict
from autograder.report.sanitize import cut, visible
from autograder.report.text import WIDTH
from autograder.rubric.model import Assignment, Exercise

_CELL = "text-align: left; vertical-align: top; padding: 4px 14px 4px 0; border: 0"
_MOST_ATTEMPTS = 12
_HEADS = ("Exercise", "Points so far", "Your checks", "What to try next")
_ONLY_HERE = "These are the checks since the kernel started. What counts is the notebook that you hand in."


@dataclass(frozen=True)
class Attempt:
    """A check of an exercise, as far as the overview tells of it. ``reason`` is empty for one that passed."""

    points: float
    max_points: float
    reason: str

    @classmethod
    def of(cls, report: ExerciseReport) -> "Attempt | None":
        """Return what a check has found; None when the run itself broke, which says nothing of the exercise."""
        if report.verdict is Verdict.INFRASTRUCTURE:
            return None
        return cls(report.points, report.max_points, report.reason)


Attempts = Mapping[str, Sequence[Attempt]]
"""The checks of each exercise, by its name, the oldest first."""


def overview(assignment: Assignment, attempts: Attempts) -> Shown:
    """Return all exercises of an assignment with their points, and a line for each of what its checks came to."""
    found = [(exercise, attempts.get(exercise.name, ())) for exercise in assignment.exercises]
    rows = [_row(exercise, tried) for exercise, tried in found]
    earned = sum(tried[-1].points for _, tried in found if tried)
    total = words.points(earned, sum(exercise.max_points for exercise in assignment.exercises))
    return Shown(_html(rows, total), _text(rows, total))


def _row(exercise: Exercise, tried: Sequence[Attempt]) -> tuple[str, str, str, str]:
    if not tried:
        call = f'course.check("{exercise.name}")'
        return exercise.title, words.points(0, exercise.max_points), "not checked yet", f"Solve it, then run {call}"
    last = tried[-1]
    return exercise.title, words.points(last.points, last.max_points), _history(tried), last.reason


def _history(tried: Sequence[Attempt]) -> str:
    """Return the points of the last checks, such as ``0 → 2 → 4``."""
    older = len(tried) - _MOST_ATTEMPTS
    points = " → ".join(words.number(one.points) for one in tried[-_MOST_ATTEMPTS:])
    return f"{len(tried)}: {'… → ' if older > 0 else ''}{points}"


def _html(rows: Sequence[Sequence[str]], total: str) -> str:
    head = "".join(element("th", name, f"{_CELL}; font-weight: 600", scope="col") for name in _HEADS)
    body = [element("tr", "".join(_cells(row)), f"border-top: {LINE}; background-color: transparent") for row in rows]
    table = element(
        "table",
        element("thead", element("tr", head)) + element("tbody", "".join(body)),
        "border-collapse: collapse; font-size: inherit",
    )
    return element("div", table + element("strong", f"Total: {total}") + element("div", _ONLY_HERE), BOX)


def _cells(row: Sequence[str]) -> list[str]:
    title, *rest = row
    first = element("th", safe(title, 120), f"{_CELL}; font-weight: 600", scope="row")
    return [first, *(element("td", prose(text, limit=600), _CELL) for text in rest)]


def _text(rows: Sequence[Sequence[str]], total: str) -> str:
    lines = []
    for title, points, history, reason in rows:
        lines += [f"{title}: {points}", f"  checks  {history}"]
        lines += [cut(f"  next    {visible(reason, 600)}", WIDTH)] if reason else []
    return "\n".join([*lines, f"Total: {total}", _ONLY_HERE])
