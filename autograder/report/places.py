"""Places in a student's notebook, and how they are written."""

import re
from dataclasses import dataclass

_BEGINNING = re.compile(r"[\w@#%.,:=*+\- ]{1,40}")
"""The part of a line by which a cell is called: no brackets or quotes, which the words around it may need."""


@dataclass(frozen=True)
class Place:
    """A line of a cell.

    Attributes:
        cell: its ``grade_id``; of a cell that the student added, how it begins, which may be empty.
        line: the line, from 1.
        own: whether the student added the cell.
        code: what is written there, where that is to be shown.
    """

    cell: str
    line: int
    own: bool = False
    code: str = ""

    @classmethod
    def of(cls, grade_id: str | None, source: str, line: int) -> "Place":
        """Return a line of a cell. A cell that the student added has no ``grade_id``."""
        return cls(grade_id, line) if grade_id else cls(beginning(source), line, own=True)

    @property
    def name(self) -> tuple[str, int, bool]:
        """Return what distinguishes it from other places."""
        return self.cell, self.line, self.own

    @property
    def cell_in_words(self) -> str:
        """Return the cell, such as ``your cell `execute```."""
        if not self.own:
            return f"your cell `{self.cell}`"
        return f"your own cell `{self.cell}`" if self.cell else "a cell of your own"

    def __str__(self) -> str:
        return f"line {self.line} of {self.cell_in_words}"


def beginning(source: str) -> str:
    """Return how a cell begins, as its name; empty if a few plain words cannot say it."""
    first = next((line.strip() for line in source.split("\n") if line.strip()), "")
    found = _BEGINNING.match(first)
    return found[0].strip() if found else ""


def shown(places: tuple[Place, ...]) -> str:
    """Return the places with their source, in words; those without source are named elsewhere."""
    return "; ".join(f"{place}: {place.code}" for place in places if place.code)
