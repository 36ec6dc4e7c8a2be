"""The names in a top-level statement: which it binds, and which it needs from its module, and when.

Python's own symbol tables say which names are looked up in the module. A local variable ``result`` of a method is
thereby never taken for a ``result`` of the notebook.
"""

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.submission.parsing import tree_of

EVERY_NAME = "*"
"""Stands for the names of a star import, which may be any."""

POSTPONED = "from __future__ import annotations\n"

_COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}


@dataclass(frozen=True)
class Needs:
    """What a statement needs from its module.

    Attributes:
        ever: every name, whenever it is looked up.
        first: those that are looked up when the statement runs, and not only when a function of it is called.
    """

    ever: frozenset[str]
    first: frozenset[str]


def needs_of(text: str, statement: ast.stmt, *, postponed: bool) -> Needs:
    """The names that a statement needs.

    Args:
        text: the statement's source.
        postponed: whether annotations are not looked up when the statement runs.

    Raises:
        SyntaxError, RecursionError: as Python's compiler does.
    """
    table = symtable.symtable(text, "cell", "exec")
    at_once = symtable.symtable(POSTPONED + text, "cell", "exec") if postponed else table
    return Needs(
        frozenset({*_looked_up(table, functions=True), *_in_text_annotations(statement)}),
        frozenset(_looked_up(at_once, functions=False)),
    )


def bound_by(statement: ast.stmt) -> set[str]:
    """The names that a statement binds, if it is one that defines; else none."""
    names: set[str] = set()
    pending = [statement]
    while pending:
        inner = pending.pop()
        match inner:
            case ast.Try() | ast.TryStar():
                pending += [*inner.body, *inner.orelse, *(s for handler in inner.handlers for s in handler.body)]
            case ast.If() if not _is_main_guard(inner):
                pending += [*inner.body, *inner.orelse]
            case _:
                names |= _bound_at_once(inner)
    return names


def added_to(statement: ast.stmt) -> str:
    """For ``X.attribute = …``, ``X[…] = …`` and ``X += …`` the name ``X``, which must be there already; else empty."""
    match statement:
        case ast.Assign(targets=targets):
            bases = {_base(target) for target in targets}
            return bases.pop() if len(bases) == 1 else ""
        case ast.AnnAssign(target=target, value=ast.expr()):
            return _base(target)
        case ast.AugAssign(target=ast.Name(id=name)):
            return name
        case ast.AugAssign(target=target):
            return _base(target)
    return ""


def _bound_at_once(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Import():
            return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
        case ast.ImportFrom(module="__future__"):
            return {EVERY_NAME}  # it changes what all others mean
        case ast.ImportFrom():
            return {alias.asname or alias.name for alias in statement.names}
        case ast.Assign():
            return {name for target in statement.targets for name in _targets(target)}
        case ast.AnnAssign() if statement.value is not None:
            return set(_targets(statement.target))
    name = getattr(statement, "name", None)  # ``type X = …``, which Python 3.11 does not know
    return {name.id} if isinstance(name, ast.Name) else set()


def _targets(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _base(target: ast.expr) -> str:
    inner = target
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    return inner.id if isinstance(inner, ast.Name) and inner is not target else ""


def _is_main_guard(statement: ast.If) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test))


def _looked_up(module: symtable.SymbolTable, *, functions: bool) -> Iterator[str]:
    """Names looked up in the module, with those in the bodies of functions or without."""
    pending = [module]
    while pending:
        table = pending.pop()
        for symbol in table.get_symbols():
            if _is_of_module(symbol, str(table.get_type())):
                yield symbol.get_name()
        pending += [child for child in table.get_children() if functions or not _is_function(child)]


def _is_of_module(symbol: symtable.Symbol, scope: str) -> bool:
    if scope == "module":
        return symbol.is_referenced()
    if scope == "class":  # what a class does not bind yet is looked up in the module, as in ``x = x``
        return symbol.is_referenced() and (symbol.is_global() or symbol.is_local())
    return symbol.is_global()  # read, or written after ``global``


def _is_function(table: symtable.SymbolTable) -> bool:
    return str(table.get_type()) == "function" and table.get_name() not in _COMPREHENSIONS


def _in_text_annotations(statement: ast.stmt) -> Iterator[str]:
    """Annotations may be written as text, which libraries may look up; their names count as well."""
    for node in ast.walk(statement):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            for text in ast.walk(annotation) if isinstance(annotation, ast.expr) else ():
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield from _names_in(text.value)


def _names_in(text: str) -> Iterator[str]:
    try:
        tree = tree_of(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
