"""A student's module as a part that can be run, and the way back from its lines to their cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.report.places import cell_in_words, in_words
from autograder.simulator.scenario import Part
from autograder.submission.definitions import Unreadable
from autograder.submission.model import Cell
from autograder.submission.module import Module, build_module

MODULE_NAME = "submission"
"""Under this name a student's module is imported, and its file named in tracebacks."""


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
            raise BrokenModule(f"No cell defines the class {absent}.", _why_absent(absent, module, cells))
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


def _why_absent(name: str, module: Module, cells: Sequence[Cell]) -> str:
    for broken in module.unreadable:
        if name in cells[broken.cell].source or cells[broken.cell].grade_id:
            return _describe(broken, cells)
    return f"Does a cell of the notebook say class {name}(…), with the name letter by letter as it is asked for?"


def _describe(broken: Unreadable, cells: Sequence[Cell]) -> str:
    cell = cell_in_words(cells[broken.cell].grade_id, cells[broken.cell].source)
    return f"Python cannot read {cell}: {broken.message}, at line {broken.line}: {broken.text}"
