"""The definitions in a notebook's code cells: what each defines, what it needs, and where it stands."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.submission.model import Cell

EVERY_NAME = "*"
"""Stands for the names of a star import, which may be any."""

_COURSE_PACKAGE = "autograder"
_MAGIC = re.compile(r"\s*(%(?!%)|!|\?)|.*\?\s*$")


@dataclass(frozen=True)
class Definition:
    """One top-level statement of a cell that defines something.

    Attributes:
        names: what it binds; ``*`` for a star import.
        needs: every global name that it mentions.
        needs_first: those that must be there when it runs, and not only when a function of it is called.
        text: its source.
        cell: index of its cell.
        line: its first line in that cell, from 1.
        adds_to: for ``X.attribute = …`` the name ``X``, whose definition this belongs to; else empty.
    """

    names: frozenset[str]
    needs: frozenset[str]
    needs_first: frozenset[str]
    text: str
    cell: int
    line: int
    adds_to: str = ""


@dataclass(frozen=True)
class Unreadable:
    """A cell that is no Python: what is wrong, at which line, and the text of that line."""

    cell: int
    message: str
    line: int
    text: str


def definitions_of(cells: Sequence[Cell]) -> tuple[list[Definition], list[Unreadable]]:
    """All definitions of some cells in their order, and the cells that could not be read."""
    found: list[Definition] = []
    unreadable: list[Unreadable] = []
    for index, cell in enumerate(cells):
        tree = parse(cell.source, index)
        if isinstance(tree, Unreadable):
            unreadable.append(tree)
        else:
            source = without_magics(cell.source)
            found += [d for statement in tree.body if (d := _definition(statement, source, index))]
    return found, unreadable


def parse(source: str, index: int = 0) -> ast.Module | Unreadable:
    """The syntax tree of a cell, or why it has none. Whatever a cell holds, this does not raise."""
    try:
        return ast.parse(without_magics(source))
    except SyntaxError as error:
        line = error.lineno or 1
        return Unreadable(index, error.msg, line, _line(source, line))
    except ValueError as error:  # NUL characters, and integers of more digits than Python reads
        return Unreadable(index, str(error), 1, _line(source, 1))
    except (RecursionError, MemoryError):
        return Unreadable(index, "it is nested too deeply", 1, _line(source, 1))
    except UnicodeError:
        return Unreadable(index, "it holds characters that are no text (lone surrogates)", 1, "")


def without_magics(source: str) -> str:
    """A cell's source with IPython's magics, shell commands and help requests blanked out, line for line."""
    if source.lstrip().startswith("%%"):
        return ""
    return "\n".join("" if _MAGIC.match(line) else line for line in source.split("\n"))


def _line(source: str, number: int) -> str:
    lines = source.splitlines()
    return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""


def _definition(statement: ast.stmt, source: str, cell: int) -> Definition | None:
    adds_to = _added_to(statement)
    names = {adds_to} if adds_to else _bound_by(statement)
    if not names or _imports_the_course(statement):
        return None
    first_line = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
    lines = source.split("\n")[first_line - 1 : statement.end_lineno]
    text = "\n".join(lines) if _stands_alone(statement, lines) else ast.unparse(statement)
    return Definition(
        frozenset(names),
        frozenset(_mentioned(statement)),
        frozenset(_mentioned_at_once(statement)),
        text,
        cell,
        first_line,
        adds_to,
    )


def _stands_alone(statement: ast.stmt, lines: list[str]) -> bool:
    """Whether these lines hold the statement and no other, so that they can be taken over as they are."""
    try:
        return len(ast.parse("\n".join(lines)).body) == 1
    except SyntaxError:
        return False


def _bound_by(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Import():
            return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
        case ast.ImportFrom() if statement.module == "__future__":
            return {EVERY_NAME}  # it changes what all others mean
        case ast.ImportFrom():
            return {alias.asname or alias.name for alias in statement.names}
        case ast.Assign():
            return {name for target in statement.targets for name in _targets(target)}
        case ast.AnnAssign() if statement.value is not None:
            return set(_targets(statement.target))
        case ast.Try():
            return {name for part in _bodies(statement) for inner in part for name in _bound_by(inner)}
        case ast.If() if not _is_main_guard(statement):
            return {name for part in (statement.body, statement.orelse) for inner in part for name in _bound_by(inner)}
        case _:
            return set()


def _bodies(statement: ast.Try) -> Iterator[list[ast.stmt]]:
    yield statement.body
    yield from (handler.body for handler in statement.handlers)
    yield statement.orelse


def _targets(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _targets(element)


def _added_to(statement: ast.stmt) -> str:
    """The name that an assignment to an attribute or an item changes."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
            if isinstance(target, ast.Name):
                return target.id
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    return ""


def _is_main_guard(statement: ast.If) -> bool:
    return "__name__" in _mentioned(statement.test)


def _imports_the_course(statement: ast.stmt) -> bool:
    """The course's helpers run and check what students write; what students write does not need them."""
    modules = [node.module or "" for node in ast.walk(statement) if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in ast.walk(statement) if isinstance(node, ast.Import) for alias in node.names]
    return any(module.partition(".")[0] == _COURSE_PACKAGE for module in modules)


def _mentioned(node: ast.AST) -> set[str]:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and _is_read(inner)}
    # Annotations may be written as text; their names count as well.
    texts = [i.value for i in ast.walk(node) if isinstance(i, ast.Constant) and isinstance(i.value, str)]
    return names | {text for text in texts if text.isidentifier()}


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _mentioned_at_once(node: ast.AST) -> set[str]:
    """Names that are looked up when a statement runs: all but those in the bodies of functions."""
    if isinstance(node, ast.Name):
        return {node.id} if _is_read(node) else set()
    children: list[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        children = [node.args, *node.decorator_list, *([node.returns] if node.returns else [])]
    elif isinstance(node, ast.Lambda):
        children = [node.args]
    return {name for child in children for name in _mentioned_at_once(child)}
