"""One module out of a notebook's cells: the classes that count and everything that they need, and nothing else.

Cells may stand in any order and hold trials, plots, runs and broken code besides. So the module is made of definitions:
those of the classes asked for and, again and again, of every name that they mention. Statements that run things are
left out. A name that is defined more than once means its last definition, as in a notebook that is run from the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.submission.definitions import Definition, Unreadable, definitions_of
from autograder.submission.model import Cell
from autograder.submission.names import EVERY_NAME
from autograder.submission.order import in_order


@dataclass(frozen=True)
class Place:
    """A line of a cell: the index of the cell among those that the module was built from, and the line from 1."""

    cell: int
    line: int


@dataclass(frozen=True)
class Module:
    """A module that was built.

    Attributes:
        source: its text.
        missing: the roots that no cell defines.
        unreadable: cells that are no Python and were left out.
        places: for each line of ``source``, from 1, where it comes from.
    """

    source: str
    missing: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]
    places: dict[int, Place]


def build_module(cells: Sequence[Cell], roots: Sequence[str]) -> Module:
    """Build the module that defines ``roots`` from some cells. Whatever the cells hold, this does not raise."""
    definitions, unreadable = definitions_of(cells)
    defined = {name for definition in definitions for name in definition.names if not definition.adds_to}
    kept = in_order(_needed(_last_ones(definitions), roots))
    source, places = _write(kept)
    missing = tuple(root for root in roots if root not in defined)
    return Module(source, missing, tuple(unreadable), places)


def _last_ones(definitions: list[Definition]) -> list[Definition]:
    """Without the definitions all of whose names are defined again later on, and what was added to those."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for index, definition in enumerate(definitions):
        for name in definition.names if not definition.adds_to else ():
            first.setdefault(name, index)
            last[name] = index

    def counts(index: int, definition: Definition) -> bool:
        if name := definition.adds_to:
            return last.get(name, -1) < index or first[name] == last[name]
        return (
            EVERY_NAME in definition.names
            or definition.adds_submodule
            or any(last[name] == index or name in definitions[last[name]].needs_first for name in definition.names)
        )

    def turn(index: int) -> tuple[int, bool]:
        # What stands above the only definition of the name that it adds to was run after it: cells may be moved.
        place = first.get(definitions[index].adds_to, -1)
        return max(index, place), index < place

    return [definitions[i] for i in sorted(range(len(definitions)), key=turn) if counts(i, definitions[i])]


def _needed(definitions: list[Definition], roots: Sequence[str]) -> list[Definition]:
    """The definitions that the roots need, directly or through others; star imports may be needed by any."""
    providers: dict[str, list[Definition]] = {}
    for definition in definitions:
        for name in definition.names:
            providers.setdefault(name, []).append(definition)
    wanted = {EVERY_NAME, *roots}
    pending = list(wanted)
    while pending:
        for definition in providers.pop(pending.pop(), ()):
            new = definition.needs - wanted
            wanted |= new
            pending += new
    return [definition for definition in definitions if definition.names & wanted]


def _write(definitions: list[Definition]) -> tuple[str, dict[int, Place]]:
    lines: list[str] = []
    places: dict[int, Place] = {}
    last_import = max((index for index, d in enumerate(definitions) if d.is_import), default=-1)
    for index, definition in enumerate(definitions):
        text = definition.text.split("\n")
        for offset in range(len(text)):
            places[len(lines) + offset + 1] = Place(definition.cell, definition.line + offset)
        lines += text
        if not definition.is_import or index == last_import:
            lines += ["", ""]
    return "\n".join(lines), places
