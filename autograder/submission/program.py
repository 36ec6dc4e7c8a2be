"""A notebook as the program that it is: its code cells, run one after another from the top.

What counts for an exercise is the state of the notebook when its check cell is reached. So a program ends there, and a
class that is tried out again below its check, or a helper that a later exercise defines anew, changes nothing. The
cells are run in the process of each party (`autograder.simulator.parties.cells`), never here: this only lays them out.
"""

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.submission.model import Cell
from autograder.submission.python_code import Unreadable, parse, python_of


@dataclass(frozen=True)
class Place:
    """A line of a cell: the index of the cell among those of its program, and the line from 1."""

    cell: int
    line: int


@dataclass(frozen=True)
class Program:
    """Cells that are run one after another.

    Attributes:
        cells: all cells, those included that Python cannot read and that are passed over.
        source: the readable cells as one text. What an unreadable cell would take is left empty.
        spans: the first and the last line of each cell in ``source``, from 1.
        stop: how many cells are run in any case. Those behind are run only when a class that is asked for is still
            missing, as in a notebook whose cells were moved.
    """

    cells: tuple[Cell, ...]
    source: str
    spans: tuple[tuple[int, int], ...]
    stop: int

    @classmethod
    def of(cls, cells: Sequence[Cell], stop: int | None = None, wanted: Sequence[str] = ()) -> "Program":
        """Lay out cells as a program. Never raises, whatever they hold.

        Args:
            stop: how many of the cells stand above the check; all of them when None.
            wanted: the classes that are asked for. Cells below the check belong to the program only where something
                that these cells need is found nowhere else.
        """
        stop = len(cells) if stop is None else stop
        kept = cells if _needs_what_is_below(cells[:stop], cells[stop:], wanted) else cells[:stop]
        texts = [_text(cell) for cell in kept]
        spans, line = [], 1
        for text in texts:
            count = text.count("\n") + 1
            spans.append((line, line + count - 1))
            line += count
        return cls(tuple(kept), "\n".join(texts), tuple(spans), stop)

    def place_of(self, line: int) -> Place | None:
        """Return where a line of ``source`` is in the notebook."""
        for index, (first, last) in enumerate(self.spans):
            if first <= line <= last:
                return Place(index, line - first + 1)
        return None

    def unreadable(self) -> Iterator[tuple[Cell, Unreadable]]:
        """Yield the cells that Python cannot read, with what is wrong."""
        for cell in self.cells:
            if isinstance(python := python_of(cell.source), Unreadable):
                yield cell, python

    def mentions(self, name: str) -> bool:
        """Return whether a name stands anywhere in the readable cells. Where it does not, nothing can be called so."""
        return name in self.source


def _text(cell: Cell) -> str:
    python = python_of(cell.source)
    return "\n" * cell.source.count("\n") if isinstance(python, Unreadable) else python


def _needs_what_is_below(above: Sequence[Cell], below: Sequence[Cell], wanted: Sequence[str]) -> bool:
    names = [_names_of(cell.source) for cell in above]
    bound = {name for one in names for name in one.bound}
    missing = {*wanted, *(name for one in names for name in one.used)} - bound - set(dir(builtins))
    return bool(missing) and any(missing & _names_of(cell.source).bound for cell in below)


@dataclass(frozen=True)
class _Names:
    """The names of a cell, as far as its text tells.

    Attributes:
        bound: those that it binds in the notebook.
        used: those that it looks up when it runs, and not only when a function of it is called.
    """

    bound: frozenset[str]
    used: frozenset[str]


@lru_cache(maxsize=256)
def _names_of(source: str) -> _Names:
    bound: set[str] = set()
    used: set[str] = set()
    for node in _at_top_level(parse(source)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
            case ast.Name(ctx=ast.Load()):
                used.add(node.id)
            case ast.Name(ctx=ast.Store()):
                bound.add(node.id)
            case ast.Import() | ast.ImportFrom():
                bound |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return _Names(frozenset(bound), frozenset(used))


def _at_top_level(tree: ast.Module | Unreadable) -> Iterator[ast.AST]:
    """Yield the nodes of a cell that belong to the notebook's namespace: not those inside of functions and classes."""
    pending: list[ast.AST] = [] if isinstance(tree, Unreadable) else list(tree.body)
    while pending:
        node = pending.pop()
        if not node._fields:  # such as a context, of which there are as many as names
            continue
        yield node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                pending += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
            case ast.ClassDef():
                pending += [*node.decorator_list, *node.bases, *node.keywords]
            case ast.Name() | ast.Constant() | ast.Lambda():
                pass
            case _:
                pending += ast.iter_child_nodes(node)
