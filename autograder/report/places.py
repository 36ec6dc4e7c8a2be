"""Places in a student's notebook: how they are written in a report, and which ones a report names.

A report says in words where to look. What shows the student's code as well finds the lines in these words.
"""

import re
from collections.abc import Iterable

from autograder.report.model import ExerciseReport

_PLACE = re.compile(r"\bline (?P<line>[0-9]{1,7}) of your cell `(?P<cell>[\w-]{1,100})`", re.ASCII)

Place = tuple[str, int]
"""The ``grade_id`` of a cell, and a line in it, from 1."""


def in_words(grade_id: str | None, line: int) -> str:
    """A line of a cell in words; a cell that the student added has no ``grade_id``."""
    return f"line {line} of your cell `{grade_id}`" if grade_id else f"line {line} of a cell of your own"


def named_in(texts: Iterable[str]) -> list[Place]:
    """The places that texts name, each once, in their order."""
    found = {(match["cell"], int(match["line"])): None for text in texts for match in _PLACE.finditer(text)}
    return list(found)


def named_by(report: ExerciseReport) -> list[Place]:
    """The places that the hints and tracebacks of an exercise name."""
    hints = [text for check in report.checks for text in (check.hint, check.where)]
    return named_in([*hints, *(line for run in report.runs for line in run.log_lines)])
