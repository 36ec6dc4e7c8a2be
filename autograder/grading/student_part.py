"""A student's notebook as a part that can be run, and the way back from its lines to the cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from autograder.report.places import Place
from autograder.rubric.model import Hint
from autograder.simulator.scenario import Notebook, Part
from autograder.submission.model import UNREADABLE, Cell
from autograder.submission.program import Program
from autograder.submission.python_code import Unreadable, python_version
from autograder.submission.stand_in import methods_of

MODULE_NAME = "submission"
"""Under this name a student's notebook is imported, and its file named in tracebacks."""

_CLASS = re.compile(r"^\s*class (\w{1,100})", re.MULTILINE)
_NOT_RUN = re.compile(r"%%(?P<magic>\w+)")
_ALIKE = 0.75
"""The likeness of two names, from 0 to 1, at which one may stand for the other."""


class NoSuchClass(Exception):
    """A class that is asked for is nowhere in the notebook. The message says what was seen, ``hint`` where to look."""

    def __init__(self, message: str, hint: Hint) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class StudentPart:
    """A student's notebook up to a check, as a party runs it.

    Attributes:
        classes: the classes that are asked for there.
    """

    program: Program
    classes: tuple[str, ...]

    @classmethod
    def of(cls, cells: Sequence[Cell], classes: Sequence[str], stop: int | None = None) -> "StudentPart":
        """Lay out a notebook.

        Args:
            stop: how many of the cells stand above the check; all of them when None.

        Raises:
            NoSuchClass: when no cell that could be run so much as mentions one of the classes.
        """
        part = cls(Program.of(cells, stop, classes), tuple(classes))
        for name in classes:
            if not part.program.mentions(name):
                raise NoSuchClass(f"No cell defines the class {name}.", part.why_absent(name))
        return part

    def part(self, class_name: str) -> Part:
        """Return what a party runs to be this class."""
        stand_ins = [method for cell in self.program.cells if cell.stand_in for method in methods_of(cell)]
        notebook = Notebook(self.program.spans, self.program.stop, tuple(stand_ins))
        return Part(MODULE_NAME, class_name, {MODULE_NAME: self.program.source}, notebook=notebook)

    def locate(self, line: int) -> Place | None:
        """Return where a line is in the notebook; None for what is not the student's."""
        place = self.program.place_of(line)
        if place is None or self.program.cells[place.cell].stand_in:
            return None
        return _place(self.program.cells[place.cell], place.line)

    def why_absent(self, name: str) -> Hint:
        """Return where to look when a class is not there: a cell that was not run, or a class of a similar name."""
        for cell, broken in self.program.unreadable():
            if name in cell.source or cell.grade_id:
                return _describe(broken, cell)
        for cell in self.program.cells:
            magic = _NOT_RUN.match(cell.source.lstrip())
            if magic and re.search(rf"^\s*class {name}\b", cell.source, re.MULTILINE):
                top = _place(cell, 1 + cell.source[: -len(cell.source.lstrip())].count("\n"))
                return Hint("class.magic", None, (top,), {"magic": magic["magic"]})
        others = {other: place for other, place in self._class_lines() if other not in self.classes}
        if alike := get_close_matches(name, others, n=1, cutoff=_ALIKE):
            return Hint("class.similar", None, (others[alike[0]],), {"similar": alike[0], "name": name})
        return Hint("class.absent", data={"name": name})

    def _class_lines(self) -> Iterator[tuple[str, Place]]:
        """Yield the classes of the student's cells, each with its place."""
        for cell in self.program.cells:
            for found in _CLASS.finditer(cell.source) if not cell.stand_in else ():
                line = cell.source.count("\n", 0, found.start(1)) + 1
                yield found[1], _place(cell, line)


def _place(cell: Cell, line: int) -> Place:
    return Place.of(cell.grade_id, cell.source, line)


def _describe(broken: Unreadable, cell: Cell) -> Hint:
    told = {"message": broken.message, "python": python_version(), "text": broken.text}
    return Hint(UNREADABLE, None, (_place(cell, broken.line),), told)
