"""An overview of the notebook's exercises: the points so far, and the attempts that led there."""

from collections.abc import Sequence

from autograder.notebook.attempts import Attempt
from autograder.notebook.show import Shown
from autograder.report import words
from autograder.report.elements import BOX, LINE, element, prose, safe
from autograder.report.html import folded_hint
from autograder.report.sanitize import cut, visible
from autograder.report.text import WIDTH
from autograder.rubric.model import Assignment, Exercise

_CELL = "text-align: left; vertical-align: top; padding: 4px 14px 4px 0; border: 0"
_MOST_SHOWN = 12
_HEADS = ("Exercise", "Points so far", "Your checks", "What to try next")
_HEADS_OF_ATTEMPTS = ("When", "Points", "What did not pass")
_COUNTS = "What counts is the notebook that you hand in."

Rows = list[tuple[str, ...]]


def overview(assignment: Assignment, attempts: Sequence[Attempt], where_kept: str) -> Shown:
    """Return all exercises of an assignment with their points, and the attempts at each of them.

    Args:
        attempts: the oldest first.
        where_kept: says in a sentence where the attempts are kept.
    """
    found = [(one, [tried for tried in attempts if tried.exercise == one.name]) for one in assignment.exercises]
    earned = sum(tried[-1].points for _, tried in found if tried)
    total = f"Total: {words.points(earned, sum(exercise.max_points for exercise in assignment.exercises))}"
    as_html, as_text = [], []
    for exercise, tried in found:
        as_html.append(_row(exercise, tried))
        as_text += _lines(exercise, tried)
    notes = (_COUNTS, where_kept)
    table = _table(_HEADS, as_html)
    history = "".join(_history(exercise, tried) for exercise, tried in found if tried)
    below = element("strong", total) + "".join(element("div", prose(note, limit=600)) for note in notes)
    page = element("div", table + history + below, BOX)
    return Shown(page, "\n".join([*as_text, total, *(visible(note, 600) for note in notes)]))


def _row(exercise: Exercise, tried: Sequence[Attempt]) -> list[str]:
    """Return the cells of an exercise, as HTML."""
    return [safe(exercise.title, 120), safe(_points(exercise, tried)), safe(_course(tried)), _next(exercise, tried)]


def _next(exercise: Exercise, tried: Sequence[Attempt]) -> str:
    """Return what to try next, in steps, as HTML."""
    if not tried:
        return prose(_unchecked(exercise), limit=600)
    last = tried[-1]
    reason = prose(last.reason, limit=600)
    return prose(last.first_step, limit=600) + folded_hint(reason) if last.first_step else reason


def _unchecked(exercise: Exercise) -> str:
    return f'Solve it, then run course.check("{exercise.name}")'


def _points(exercise: Exercise, tried: Sequence[Attempt]) -> str:
    return words.points(tried[-1].points, tried[-1].max_points) if tried else words.points(0, exercise.max_points)


def _course(tried: Sequence[Attempt]) -> str:
    """Return the points of the last checks, such as ``3: 0 → 2 → 4``."""
    older = len(tried) - _MOST_SHOWN
    points = " → ".join(words.number(one.points) for one in tried[-_MOST_SHOWN:])
    return f"{len(tried)}: {'… → ' if older > 0 else ''}{points}" if tried else "not checked yet"


def _attempts(exercise: Exercise, tried: Sequence[Attempt]) -> Rows:
    """Return when each of the last checks was, its points, and what did not pass; the newest first."""
    titles = {check.name: check.title for check in exercise.checks}
    return [
        (
            f"{one.when:%Y-%m-%d %H:%M}",
            words.points(one.points, one.max_points),
            "; ".join(titles.get(name, name).rstrip(".") for name in one.failed) or "all passed",
        )
        for one in reversed(tried[-_MOST_SHOWN:])
    ]


def _history(exercise: Exercise, tried: Sequence[Attempt]) -> str:
    rows = [[prose(cell, limit=600) for cell in row] for row in _attempts(exercise, tried)]
    label = element("summary", f"Your attempts at {safe(exercise.title, 120)}", "cursor: pointer")
    return element("details", label + _table(_HEADS_OF_ATTEMPTS, rows), "margin: 4px 0")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(element("th", name, f"{_CELL}; font-weight: 600", scope="col") for name in heads)
    body = [element("tr", "".join(_cells(row)), f"border-top: {LINE}; background-color: transparent") for row in rows]
    inside = element("thead", element("tr", head)) + element("tbody", "".join(body))
    return element("table", inside, "border-collapse: collapse; font-size: inherit")


def _cells(row: Sequence[str]) -> list[str]:
    first, *rest = row
    named = element("th", first, f"{_CELL}; font-weight: 600", scope="row")
    return [named, *(element("td", cell, _CELL) for cell in rest)]


def _lines(exercise: Exercise, tried: Sequence[Attempt]) -> list[str]:
    """Return the lines of an exercise in a terminal."""
    lines = [f"{exercise.title}: {_points(exercise, tried)}", f"  checks  {_course(tried)}"]
    reason = tried[-1].reason if tried else _unchecked(exercise)
    lines += [cut(f"  next    {visible(reason, 600)}", WIDTH)] if reason else []
    rows = ("  ".join(visible(cell, 600) for cell in row) for row in _attempts(exercise, tried))
    return [*lines, *(cut(f"  {row}", WIDTH) for row in rows)]
