"""One module out of a notebook's cells: the classes that count and everything that they need, and nothing else.

Cells may stand in any order and hold trials, plots, runs and broken code besides. So the module is made of definitions:
those of the classes asked for and, again and again, of every name that they mention. Statements that run things are
left out. A name that is defined more than once means its last definition, as in a notebook that is run from the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.submission.definitions import EVERY_NAME, Definition, Unreadable, definitions_of
from autograder.submission.model import Cell

_FUTURE = "from __future__"


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
    kept = _in_order(_needed(_last_ones(definitions), roots))
    source, places = _write(kept)
    missing = tuple(root for root in roots if root not in defined)
    return Module(source, missing, tuple(unreadable), places)


def _last_ones(definitions: list[Definition]) -> list[Definition]:
    """Without the definitions all of whose names are defined again later on, and what was added to those."""
    later: dict[str, int] = {}
    for index, definition in enumerate(definitions):
        if not definition.adds_to:
            later.update(dict.fromkeys(definition.names, index))

    def counts(index: int, definition: Definition) -> bool:
        if definition.adds_to:
            return later.get(definition.adds_to, -1) < index
        builds_on_itself = any(name in definitions[later[name]].needs_first for name in definition.names)
        return (
            EVERY_NAME in definition.names or builds_on_itself or any(later[name] == index for name in definition.names)
        )

    return [definition for index, definition in enumerate(definitions) if counts(index, definition)]


def _needed(definitions: list[Definition], roots: Sequence[str]) -> list[Definition]:
    """The definitions that the roots need, directly or through others; star imports may be needed by any."""
    wanted = {EVERY_NAME, *roots}
    pending = list(wanted)
    while pending:
        name = pending.pop()
        for definition in definitions:
            if name in definition.names:
                new = definition.needs - wanted
                wanted |= new
                pending += sorted(new)
    return [definition for definition in definitions if definition.names & wanted]


def _in_order(definitions: list[Definition]) -> list[Definition]:
    """Each after those that it needs when it runs, otherwise as in the notebook."""
    providers: dict[str, list[int]] = {}
    for index, definition in enumerate(definitions):
        for name in definition.names:
            providers.setdefault(name, []).append(index)
    ordered: list[int] = []
    visited: set[int] = set()

    def visit(index: int) -> None:
        if index in visited:  # also on the way round in a circle, which no order can satisfy
            return
        visited.add(index)
        definition = definitions[index]
        before = {i for name in definition.needs_first for i in providers.get(name, []) if i != index}
        own = {i for name in definition.names for i in providers[name] if i < index}
        for provider in sorted({i for i in before if definitions[i].adds_to == "" or i < index} | own):
            visit(provider)
        ordered.append(index)

    first = [i for i, d in enumerate(definitions) if d.text.startswith(_FUTURE)]
    imports = [i for i, d in enumerate(definitions) if d.text.startswith(("import ", "from "))]
    for index in [*first, *imports, *range(len(definitions))]:
        visit(index)
    return [definitions[index] for index in ordered]


def _write(definitions: list[Definition]) -> tuple[str, dict[int, Place]]:
    lines: list[str] = []
    places: dict[int, Place] = {}
    for definition in definitions:
        text = definition.text.split("\n")
        for offset in range(len(text)):
            places[len(lines) + offset + 1] = Place(definition.cell, definition.line + offset)
        lines += text
        if not definition.text.startswith(("import ", "from ")) or definition is _last_import(definitions):
            lines += ["", ""]
    return "\n".join(lines), places


def _last_import(definitions: list[Definition]) -> Definition | None:
    imports = [definition for definition in definitions if definition.text.startswith(("import ", "from "))]
    return imports[-1] if imports else None
