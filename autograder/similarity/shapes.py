"""The shapes of a program: its subtrees, without what is easily changed.

What the code names itself, its texts, numbers, docstrings and annotations are left out, and what it takes from
libraries is kept. The shape of a statement is without the statements in it, so that a line more or less changes one
shape and not all around it.
"""

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

Trees = Mapping[str, ast.Module]
"""The syntax tree of each solution cell, by the cell's name."""

_LEAST_NODES = 4
"""A subtree of fewer nodes, such as ``self.x``, is in every program."""
_LEFT_OUT = frozenset({"annotation", "returns", "type_comment", "type_params", "ctx", "kind", "lineno"})


@dataclass(frozen=True)
class Fingerprint:
    """The shapes that a submission is built of.

    Attributes:
        shapes: its shapes; one that comes up again is another one (see `numbered`).
        cells: the shape of each solution cell as a whole.
    """

    shapes: frozenset[int]
    cells: Mapping[str, int]

    @classmethod
    def of(cls, trees: Trees, handed_out: "HandedOut") -> "Fingerprint":
        """Return a submission's fingerprint without what was handed out."""
        found: Counter[int] = Counter()
        cells = {}
        for name, tree in trees.items():
            try:
                cells[name] = Shaper(tree, found).shape(tree)
            except RecursionError:  # nested more deeply than anything that a person writes
                continue
        own = {shape: count for shape, count in found.items() if shape not in handed_out.shapes}
        return cls(
            frozenset(numbered(shape, again) for shape, count in own.items() for again in range(count)),
            {name: shape for name, shape in cells.items() if handed_out.cells.get(name) != shape},
        )

    def same_cells(self, other: "Fingerprint") -> tuple[str, ...]:
        """Return the solution cells that are the same shape by shape."""
        return tuple(name for name, shape in self.cells.items() if other.cells.get(name) == shape)


@dataclass(frozen=True)
class HandedOut:
    """The shapes of all that everybody was given: stubs, given cells, examples.

    Attributes:
        shapes: all shapes in it.
        cells: the shape of each cell as a whole.
    """

    shapes: Collection[int]
    cells: Mapping[str, int]

    @classmethod
    def of(cls, trees: Trees) -> "HandedOut":
        """Return the shapes of what was handed out, a tree for each solution cell and for each other piece of code."""
        found: Counter[int] = Counter()
        cells = {name: Shaper(tree, found).shape(tree) for name, tree in trees.items()}
        return cls(frozenset(found), cells)


def numbered(shape: int, again: int = 0) -> int:
    """Return one number for a shape and how often it came up before."""
    return hash((shape, again))


def statements(tree: ast.Module) -> dict[int, tuple[int, int]]:
    """Return the shape of the statement in each line of code, and which of its lines it is.

    Lines that belong to no statement of their own, such as comments and docstrings, are not in it.
    """
    shaper = Shaper(tree, Counter())
    found: dict[int, tuple[int, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and not _does_nothing(node):
            shape = shaper.own(node)
            for line in range(node.lineno, _end_of_head(node) + 1):
                found[line] = (shape, line - node.lineno)
    return found


def _end_of_head(node: ast.stmt) -> int:
    """Return the last line of a statement before the statements in it begin."""
    inner = [child.lineno for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return max(node.lineno, min(inner) - 1) if inner else node.end_lineno or node.lineno


class Shaper:
    """Reduces the subtrees of one syntax tree to their shapes."""

    def __init__(self, tree: ast.Module, found: Counter[int]) -> None:
        """Prepare to add shapes to ``found``."""
        self._found = found
        self._names = set(_own_names(tree))
        self._members = set(_own_members(tree))

    def shape(self, node: ast.AST) -> int:
        """Return the shape of a tree as a number, the same for equal shapes."""
        return self._shape(node)[0]

    def own(self, node: ast.AST) -> int:
        """Return the shape of a statement without the statements in it."""
        return self._shape(node)[2]

    def _shape(self, node: ast.AST) -> tuple[int, int, int]:
        """Return the shape of the whole, how many nodes it has, and its own shape; that and those below are noted."""
        label = self._label(node)
        all_parts: list[object] = [label]
        own_parts: list[object] = [label]
        size = 1
        for field, child in _children(node):
            shape, nodes, _ = self._shape(child)
            all_parts += [field, shape]
            if not isinstance(child, ast.stmt):
                own_parts += [field, shape]
                size += nodes
        own = hash(tuple(own_parts))
        if size >= _LEAST_NODES:
            self._found[own] += 1
        return hash(tuple(all_parts)), size, own

    def _label(self, node: ast.AST) -> str:
        """Return what a node is, without its children."""
        match node:
            case ast.Name(id=name):
                return "name" if name in self._names else f"name {name}"
            case ast.Attribute(attr=name):
                return "attribute" if name in self._members else f"attribute {name}"
            case ast.Constant(value=bool() | None):
                return repr(node.value)
            case ast.Constant():
                return type(node.value).__name__
            case ast.keyword(arg=name):
                return f"keyword {name}"
            case ast.alias(name=name):
                return f"import {name}"
            case ast.AnnAssign():
                return "Assign"
        return type(node).__name__


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield a node's children that count, each with the field in which it is."""
    for field, value in ast.iter_fields(node):
        if field in _LEFT_OUT:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _does_nothing(child):
                yield "targets" if field == "target" else field, child


def _does_nothing(node: ast.AST) -> bool:
    """Tell whether a statement does nothing: a docstring, another text, or ``pass``."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _own_names(tree: ast.Module) -> Iterator[str]:
    """Yield names that the code gives itself."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name


def _own_members(tree: ast.Module) -> Iterator[str]:
    """Yield names of methods, class variables and attributes that the code gives itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield inner.name
                elif isinstance(inner, ast.Assign | ast.AnnAssign):
                    yield from (name.id for name in ast.walk(inner) if isinstance(name, ast.Name))
