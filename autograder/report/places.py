"""Places in a student's notebook: how they are written in a report, and which ones a report names.

A report says in words where to look. What shows the student's code as well finds the lines in these words.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from autograder.report.model import ExerciseReport

_PLACE = re.compile(r"\bline (?P<line>[0-9]{1,7}) of your (?P<own>own )?cell `(?P<cell>[^`\n]{1,100})`", re.ASCII)
_UNREADABLE = re.compile(
    r"^Python cannot read (?:the solution|your)(?P<own> own)? cell `(?P<cell>[^`\n]{1,100})`: "
    r".{1,300}?, at line (?P<line>[0-9]{1,7}): ",
    re.ASCII,
)
_GRADE_ID = re.compile(r"[\w-]+", re.ASCII)
_BEGINNING = re.compile(r"[\w@#%.,:=*+\- ]{1,40}")
"""The part of a line by which a cell is called: no brackets or quotes, which the words around it may need."""


class Place(NamedTuple):
    """A line of a cell.

    Attributes:
        cell: its ``grade_id``; of a cell that the student added, how it begins.
        line: the line, from 1.
        own: whether the student added the cell.
    """

    cell: str
    line: int
    own: bool = False


def beginning(source: str) -> str:
    """How a cell begins, to be called by; empty where that cannot be said in a few plain words."""
    first = next((line.strip() for line in source.split("\n") if line.strip()), "")
    found = _BEGINNING.match(first)
    return found[0].strip() if found else ""


def cell_in_words(grade_id: str | None, source: str) -> str:
    """A student's cell in words. One that the student added has no ``grade_id`` and is called by how it begins."""
    if grade_id:
        return f"your cell `{grade_id}`"
    begins = beginning(source)
    return f"your own cell `{begins}`" if begins else "a cell of your own"


def in_words(grade_id: str | None, line: int, source: str = "") -> str:
    """A line of a cell in words."""
    return f"line {line} of {cell_in_words(grade_id, source)}"


def named_in(texts: Iterable[str]) -> list[Place]:
    """The places that texts name, each once, in their order."""
    found: dict[Place, None] = {}
    for text in texts:
        for match in (*_UNREADABLE.finditer(text), *_PLACE.finditer(text)):
            place = Place(match["cell"], int(match["line"]), bool(match["own"]))
            if place.own or _GRADE_ID.fullmatch(place.cell):
                found[place] = None
    return list(found)


def named_by(report: ExerciseReport) -> list[Place]:
    """The places that the hints and tracebacks of an exercise name."""
    hints = [text for check in report.checks for text in (check.hint, check.where)]
    return named_in([*hints, *(line for run in report.runs for line in run.log_lines)])
