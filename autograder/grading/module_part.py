"""A student's module as a part that can be run, and the way back from its lines to their cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from autograder.report.places import cell_in_words, in_words
from autograder.simulator.scenario import Part
from autograder.submission.definitions import Unreadable
from autograder.submission.model import Cell
from autograder.submission.module import Module, build_module

MODULE_NAME = "submission"
"""Under this name a student's module is imported, and its file named in tracebacks."""

_CLASS = re.compile(r"^class (\w{1,100})", re.MULTILINE)
_ALIKE = 0.75
"""How much alike two names are, from 0 to 1, when one may stand for the other."""


class BrokenModule(Exception):
    """There is no module that could be run. The message says what was seen, ``hint`` where to look."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class ModulePart:
    """A module of a student's, built from some cells."""

    module: Module
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, cells: Sequence[Cell], classes: Sequence[str]) -> "ModulePart":
        """The module that defines some classes.

        Raises:
            BrokenModule: when one of them is not defined; cells that are no Python are then given as the likely reason.
        """
        module = build_module(cells, classes)
        if module.missing:
            absent = module.missing[0]
            raise BrokenModule(f"No cell defines the class {absent}.", _why_absent(absent, classes, module, cells))
        return cls(module, tuple(cells))

    def part(self, class_name: str, *then: str) -> Part:
        """What a party runs to be this class, and for tasks that follow to be others."""
        return Part(MODULE_NAME, class_name, {MODULE_NAME: self.module.source}, then=then)

    def locate(self, line: int) -> str:
        """Where a line of the module is in the notebook, in words; nothing for what is not the student's."""
        place = self.module.places.get(line)
        if place is None or self.cells[place.cell].answer:
            return ""
        cell = self.cells[place.cell]
        return in_words(cell.grade_id, place.line, cell.source)


def _why_absent(name: str, wanted: Sequence[str], module: Module, cells: Sequence[Cell]) -> str:
    for broken in module.unreadable:
        if name in cells[broken.cell].source or cells[broken.cell].grade_id:
            return _describe(broken, cells)
    others = {other: place for other, place in _classes(cells) if other not in wanted}
    if alike := get_close_matches(name, others, n=1, cutoff=_ALIKE):
        where = f"{alike[0]} ({others[alike[0]]})"
        return f"There is a class {where}, and {name} is asked for: compare the two names letter by letter."
    return f"Does a cell of the notebook say class {name}(…), with the name letter by letter as it is asked for?"


def _classes(cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """The classes of the student's cells, each with its place in words."""
    for cell in cells:
        for found in _CLASS.finditer(cell.source) if not cell.answer else ():
            line = cell.source.count("\n", 0, found.start()) + 1
            yield found[1], in_words(cell.grade_id, line, cell.source)


def _describe(broken: Unreadable, cells: Sequence[Cell]) -> str:
    cell = cell_in_words(cells[broken.cell].grade_id, cells[broken.cell].source)
    return f"Python cannot read {cell}: {broken.message}, at line {broken.line}: {broken.text}"
