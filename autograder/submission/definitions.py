"""The definitions in a notebook's code cells: what each defines, what it needs, and where it stands."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.submission.magics import without_magics
from autograder.submission.model import Cell
from autograder.submission.names import Needs, added_to, bound_by, needs_of
from autograder.submission.parsing import tree_of

MOST_CODE = 500_000
"""Characters. All code of a notebook has some ten thousand; reading much more could take minutes."""

_COURSE_PACKAGE = "autograder"
_ONLY_IN_A_KERNEL = "get_ipython"
_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_LINE_END = re.compile(r"\r\n?")


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
        is_import: whether it is an import, and nothing around it.
        adds_submodule: whether it is ``import a.b``, which other imports of ``a`` do not take the place of.
        runs: whether it computes its value when it runs, as an assignment does.
    """

    names: frozenset[str]
    needs: frozenset[str]
    needs_first: frozenset[str]
    text: str
    cell: int
    line: int
    adds_to: str = ""
    is_import: bool = False
    adds_submodule: bool = False
    runs: bool = False


@dataclass(frozen=True)
class Unreadable:
    """A cell that is no Python: what is wrong, at which line, and the text of that line."""

    cell: int
    message: str
    line: int
    text: str


@dataclass(frozen=True)
class _Readable:
    """A cell that is Python: its syntax tree, and the source that it is the tree of."""

    tree: ast.Module
    source: str


@dataclass(frozen=True)
class _Statement:
    """A top-level statement, and the lines of its cell from ``line`` on that it stands in.

    Attributes:
        alone: whether no other statement stands in these lines, so that they can be taken over as they are.
    """

    node: ast.stmt
    cell: int
    line: int
    lines: tuple[str, ...]
    alone: bool


def definitions_of(cells: Sequence[Cell]) -> tuple[list[Definition], list[Unreadable]]:
    """All definitions of some cells in their order, and the cells that could not be read."""
    unreadable: list[Unreadable] = []
    statements: list[_Statement] = []
    room = MOST_CODE
    for index, cell in enumerate(cells):
        read = _read(cell.source, index, room)
        if isinstance(read, Unreadable):
            unreadable.append(read)
        else:
            room -= len(cell.source)
            statements += _statements(read, index)
    postponed = any(_postpones(statement.node) for statement in statements)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [definition for statement in statements if (definition := _definition(statement, postponed))]
    return list(_without_what_runs_the_course(found, [statement.node for statement in statements])), unreadable


def parse(source: str, index: int = 0) -> ast.Module | Unreadable:
    """The syntax tree of a cell, or why it has none. Whatever a cell holds, this does not raise."""
    read = _read(source, index, MOST_CODE)
    return read if isinstance(read, Unreadable) else read.tree


def _read(source: str, index: int, room: int) -> _Readable | Unreadable:
    """Read a cell as Python; if it is none, without what only IPython understands."""
    if len(source) > room:
        message = f"the notebook has more than {MOST_CODE} characters of code, and this cell goes beyond that"
        return Unreadable(index, message, 1, _line(source, 1))
    source = _LINE_END.sub("\n", source)
    read = _compiled(source, source, index)
    python = without_magics(source) if isinstance(read, Unreadable) else source
    return read if python == source else _compiled(python, source, index)


def _compiled(python: str, source: str, index: int) -> _Readable | Unreadable:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the student's code, but shown as if about ours
            tree = tree_of(python)
            # Some mistakes, such as two arguments of one name, are found by the compiler only.
            compile(tree, "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        line = error.lineno or 1
        return Unreadable(index, error.msg, line, _line(source, line))
    except UnicodeEncodeError as error:
        line = python.count("\n", 0, error.start) + 1
        return Unreadable(index, "it holds characters that are no text (lone surrogates)", line, _line(source, line))
    except ValueError as error:  # NUL characters, and integers of more digits than Python reads
        return Unreadable(index, str(error), 1, _line(source, 1))
    except (RecursionError, MemoryError, OverflowError):
        return Unreadable(index, "it is nested too deeply", 1, _line(source, 1))
    return _Readable(tree, python)


def _line(source: str, number: int) -> str:
    lines = source.split("\n", number)
    text = lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _statements(cell: _Readable, index: int) -> Iterator[_Statement]:
    lines = cell.source.split("\n")
    body = cell.tree.body
    starts = [min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) for node in body]
    ends = [node.end_lineno or node.lineno for node in body]
    before = [0, *ends]
    after = [*starts[1:], len(lines) + 1]
    for number, (node, start, end) in enumerate(zip(body, starts, ends, strict=True)):
        alone = before[number] < start and end < after[number]
        yield _Statement(node, index, start, tuple(lines[start - 1 : end]) if alone else (), alone)


def _definition(statement: _Statement, postponed: bool) -> Definition | None:
    node = statement.node
    adds_to = added_to(node)
    names = {adds_to} if adds_to else bound_by(node)
    if not names:
        return None
    kept = _without_the_course(node)
    if kept is None:
        return None
    names = names if kept is node else bound_by(kept)
    try:
        text = "\n".join(statement.lines) if statement.alone and kept is node else ast.unparse(kept)
        needs = _needs(text, kept, postponed)
    except (SyntaxError, RecursionError, MemoryError):
        return None  # it awaits something, which only a kernel allows there, or is nested too deeply to be looked into
    return Definition(
        names=frozenset(names),
        needs=needs.ever,
        needs_first=needs.first,
        text=text,
        cell=statement.cell,
        line=statement.line,
        adds_to=adds_to,
        is_import=isinstance(node, _IMPORTS),
        adds_submodule=isinstance(kept, ast.Import) and any("." in a.name and not a.asname for a in kept.names),
        runs=not isinstance(node, (*_DEFINES, *_IMPORTS)),
    )


def _needs(text: str, statement: ast.stmt, postponed: bool) -> Needs:
    compile(text, "cell", "exec", dont_inherit=True)
    return needs_of(text, statement, postponed=postponed and not text.startswith("from __future__"))


def _postpones(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(alias.name == "annotations" for alias in statement.names)
    )


def _without_the_course(statement: ast.stmt) -> ast.stmt | None:
    """The statement without imports of the course's helpers, or None where there is nothing left.

    The helpers run and check what students write; what students write does not need them.
    """
    if not any(_is_of_the_course(node) for node in ast.walk(statement)):
        return statement
    if isinstance(statement, ast.Import):
        others = [alias for alias in statement.names if not _names_the_course(alias.name)]
        return ast.Import(names=others) if others else None
    return None


def _is_of_the_course(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return _names_the_course(node.module or "")
    return isinstance(node, ast.Import) and any(_names_the_course(alias.name) for alias in node.names)


def _names_the_course(module: str) -> bool:
    return module.partition(".")[0] == _COURSE_PACKAGE


def _without_what_runs_the_course(definitions: list[Definition], statements: list[ast.stmt]) -> Iterator[Definition]:
    """Without assignments such as ``result = course.run(…)``, and those of values that were computed from these.

    In a module, which has no course, they could only fail.
    """
    missing = {_ONLY_IN_A_KERNEL}
    for statement in statements:
        if isinstance(statement, _IMPORTS) and _is_of_the_course(statement):
            missing |= {
                alias.asname or alias.name.partition(".")[0]
                for alias in statement.names
                if isinstance(statement, ast.ImportFrom) or _names_the_course(alias.name)
            }
        elif not isinstance(statement, (*_DEFINES, *_IMPORTS)) and _without_the_course(statement) is None:
            missing |= bound_by(statement)
    for definition in definitions:
        if definition.runs and (definition.needs_first | {definition.adds_to}) & missing:
            missing |= definition.names
        else:
            missing -= definition.names
            yield definition
