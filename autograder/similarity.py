"""Finds submissions that are built alike. Only syntax trees are compared, so names, comments and texts do not matter.

A tree is taken apart into its subtrees, each reduced to its *shape*: what the code names itself, its texts, numbers,
docstrings and annotations are left out, and what it takes from libraries is kept. The shape of a statement is without
the statements in it, so that a line more or less changes one shape and not all around it. Shapes of the released stub
do not count. Of two submissions the likeness is what they share of all the shapes that they have, where a shape counts
the less the more of the class have it: log2(class / those who have it) bits.

Short exercises have few right answers. So even equal shapes prove nothing, and what many have is told apart as common.
"""

import ast
import math
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Trees = Mapping[str, ast.Module]
"""The syntax tree of each solution cell, by the cell's name."""

LOWEST_THRESHOLD = 0.8
"""However different the class's submissions are from each other, pairs below this are no hint."""

_LEAST_NODES = 4
"""A subtree of fewer nodes, such as ``self.x``, is in every program."""
_LEAST_SHAPES = 12
"""The number of shapes beside the stub's below which there is too little to compare."""
_LEAST_BITS = 20.0
"""The weight that what two submissions share must have at least."""
_COMMON_SHARE = 0.1
_COMMON_COUNT = 4
"""A group of at least so many students, and of more than this share of the class, has a common answer."""
_MOST_GROUPS = 100

_LEFT_OUT = frozenset({"annotation", "returns", "type_comment", "type_params", "ctx", "kind", "lineno"})


@dataclass(frozen=True)
class Alike:
    """Students whose code is built nearly alike.

    Attributes:
        students: at least two.
        likeness: from 0 to 1; 1 when all shapes are the same.
        cells: the solution cells that are the same shape by shape.
    """

    students: tuple[str, ...]
    likeness: float
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """The result of comparing the submissions of a class with each other.

    Attributes:
        groups: students who are more alike than the class otherwise is, the most alike first.
        common: groups that are so large that their answer is probably just the usual one.
        compared: how many submissions had enough code of their own.
        threshold: the likeness from which on two submissions are in `groups`.
        left_out: how many further groups there were.
    """

    groups: tuple[Alike, ...]
    common: tuple[Alike, ...]
    compared: int
    threshold: float
    left_out: int = 0


def compare(submissions: Mapping[str, Trees], stub: Trees) -> Comparison:
    """Compare the submissions of a class, given by student, with each other.

    The threshold follows the class: it is the far fence of Tukey's box plot (the upper quartile and three times the
    distance of the quartiles) over the likeness of all pairs that are not the same, but at least `LOWEST_THRESHOLD`.
    """
    known = _Fingerprint.of(stub)
    prints = {student: _Fingerprint.of(trees).without(known) for student, trees in submissions.items()}
    same = _same([(student, one) for student, one in prints.items() if len(one.shapes) >= _LEAST_SHAPES])
    compared = sum(len(students) for students, _ in same)
    weights = _Weights([(len(students), one) for students, one in same])
    common = [entry for entry in same if _is_common(len(entry[0]), compared)]
    rare = [entry for entry in same if not _is_common(len(entry[0]), compared)]
    pairs = [(weights.likeness(a, b), who, a, others, b) for (who, a), (others, b) in combinations(rare, 2)]
    threshold = _threshold([pair[0] for pair in pairs])
    groups = [
        Alike(students, 1.0, tuple(one.cells)) for students, one in rare if weights.tells_something(students, one)
    ]
    groups += [
        Alike((*who, *others), likeness, a.same_cells(b))
        for likeness, who, a, others, b in pairs
        if likeness >= threshold and weights.shared(a, b) >= _LEAST_BITS
    ]
    groups.sort(key=lambda group: (-group.likeness, len(group.students), group.students))
    return Comparison(
        tuple(groups[:_MOST_GROUPS]),
        tuple(Alike(students, 1.0, tuple(one.cells)) for students, one in common),
        compared,
        threshold,
        max(0, len(groups) - _MOST_GROUPS),
    )


def _is_common(count: int, compared: int) -> bool:
    return count >= _COMMON_COUNT and count > _COMMON_SHARE * compared


def _threshold(likenesses: Sequence[float]) -> float:
    if len(likenesses) < 2:
        return LOWEST_THRESHOLD
    lower, _, upper = statistics.quantiles(likenesses, n=4, method="inclusive")
    return min(1.0, max(LOWEST_THRESHOLD, upper + 3 * (upper - lower)))


@dataclass(frozen=True)
class _Fingerprint:
    """The shapes that a submission is built of.

    Attributes:
        shapes: its shapes; one that comes up again is numbered.
        cells: the shape of each solution cell as a whole.
    """

    shapes: frozenset[tuple[int, int]]
    cells: Mapping[str, int]

    @classmethod
    def of(cls, trees: Trees) -> "_Fingerprint":
        found: Counter[int] = Counter()
        cells = {}
        for name, tree in trees.items():
            try:
                cells[name] = _Shaper(tree, found).shape(tree)
            except RecursionError:  # nested more deeply than anything that a person writes
                continue
        return cls(frozenset((shape, again) for shape, count in found.items() for again in range(count)), cells)

    def without(self, stub: "_Fingerprint") -> "_Fingerprint":
        given = {shape for shape, _ in stub.shapes}
        untouched = set(stub.cells.items())
        return _Fingerprint(
            frozenset(one for one in self.shapes if one[0] not in given),
            {name: shape for name, shape in self.cells.items() if (name, shape) not in untouched},
        )

    def same_cells(self, other: "_Fingerprint") -> tuple[str, ...]:
        return tuple(name for name, shape in self.cells.items() if other.cells.get(name) == shape)


def _same(prints: Sequence[tuple[str, _Fingerprint]]) -> list[tuple[tuple[str, ...], _Fingerprint]]:
    """Return students with the same shapes together."""
    students: dict[frozenset[tuple[int, int]], list[str]] = {}
    for student, one in prints:
        students.setdefault(one.shapes, []).append(student)
    by_student = dict(prints)
    return [(tuple(sorted(who)), _all_have([by_student[one] for one in who])) for who in students.values()]


def _all_have(prints: Sequence[_Fingerprint]) -> _Fingerprint:
    """Make one fingerprint of those with the same shapes, with the cells that are equal in all of them."""
    cells = (cell for cell in prints[0].cells.items() if all(cell in one.cells.items() for one in prints))
    return _Fingerprint(prints[0].shapes, dict(cells))


class _Weights:
    """The weights of shapes: how unusual each one is in a class."""

    def __init__(self, class_: Sequence[tuple[int, _Fingerprint]]) -> None:
        """Count the shapes of a class, given as how many students have a fingerprint, and which."""
        have: Counter[tuple[int, int]] = Counter()
        for count, one in class_:
            have.update(dict.fromkeys(one.shapes, count))
        everyone = sum(count for count, _ in class_)
        self._bits = {shape: math.log2(everyone / count) for shape, count in have.items()}
        self._all = {one.shapes: self._sum(one.shapes) for _, one in class_}

    def shared(self, one: _Fingerprint, other: _Fingerprint) -> float:
        """Return what two have in common, in bits."""
        return self._sum(one.shapes & other.shapes)

    def likeness(self, one: _Fingerprint, other: _Fingerprint) -> float:
        """Return what two have in common of all that they have, from 0 to 1."""
        shared = self.shared(one, other)
        either = self._all[one.shapes] + self._all[other.shapes] - shared
        return shared / either if either else 0.0

    def tells_something(self, students: Sequence[str], one: _Fingerprint) -> bool:
        """Return whether there are several students with the same shapes, and these are unusual."""
        return len(students) > 1 and self._all[one.shapes] >= _LEAST_BITS

    def _sum(self, shapes: frozenset[tuple[int, int]]) -> float:
        return sum(map(self._bits.__getitem__, shapes))


class _Shaper:
    """Reduces the subtrees of one syntax tree to their shapes."""

    def __init__(self, tree: ast.Module, found: Counter[int]) -> None:
        """Prepare to add shapes to ``found``."""
        self._found = found
        self._names = set(_own_names(tree))
        self._members = set(_own_members(tree))

    def shape(self, node: ast.AST) -> int:
        """Return the shape of a tree as a number, the same for equal shapes."""
        return self._shape(node)[0]

    def _shape(self, node: ast.AST) -> tuple[int, int]:
        """Return the shape of the whole, and how many nodes it has; its own and those below are noted."""
        label = self._label(node)
        all_parts: list[object] = [label]
        own_parts: list[object] = [label]
        size = 1
        for field, child in _children(node):
            shape, nodes = self._shape(child)
            all_parts += [field, shape]
            if not isinstance(child, ast.stmt):
                own_parts += [field, shape]
                size += nodes
        if size >= _LEAST_NODES:
            self._found[hash(tuple(own_parts))] += 1
        return hash(tuple(all_parts)), size

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
