"""Finds lines for hints: the values that a call is given, what is compared, where a method ends.

As in `autograder.rubric.code`, what the class of a party can run is looked at.
"""

import ast
from collections.abc import Collection, Iterator, Sequence

from autograder.rubric.code import Node, Places, functions_of, name_of, places, source_of
from autograder.rubric.model import RunEvidence
from autograder.rubric.program import Function, Reached

_POSITIONS = {"send_aux_request": ("targets", "topic", "request", "timeout", "fl_ctx")}
"""The arguments that a call may give without their names, in order."""


def argument(played: RunEvidence, party: str, name: str, *calls: str, method: str = "") -> Places:
    """Return where an argument of some calls gets its value.

    That is the line in which it is written; where a variable is given, those in which the variable is set.
    """
    found: list[Node] = []
    for function, value in _given(played, party, name, calls, method):
        found += (_settings(function, value.id) if isinstance(value, ast.Name) else []) or [value]
    return places(played, party, found)


def values(played: RunEvidence, party: str, name: str, *calls: str, method: str = "") -> set[str]:
    """Return the expressions given to some calls as an argument; for a variable, those assigned to it."""
    found: set[str] = set()
    for function, value in _given(played, party, name, calls, method):
        settings = _settings(function, value.id) if isinstance(value, ast.Name) else []
        assigned = [node.value for node in settings if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]
        found |= {_text(one) for one in assigned or [value]}
    return found


def number_of_calls(played: RunEvidence, party: str, *calls: str) -> int:
    """Return in how many places the class that a party runs calls one of these."""
    nodes = (node for one in functions_of(played, party) for node in one.nodes)
    return sum(isinstance(node, ast.Call) and name_of(node.func) in calls for node in nodes)


def returns_after(played: RunEvidence, party: str, method: str, calls: Sequence[str], says: str = "") -> Places:
    """Return where a method returns after a call.

    Args:
        calls: names of what is called; returns before the first such call do not count, if there are any after it.
        says: a word; of several returns, the first one with this word in it counts alone.
    """
    found: list[ast.Return] = []
    for one in functions_of(played, party, method):
        found += _after(one, _returns(one), calls)
    said = [node for node in found if says and says in _text(node)]
    return places(played, party, said[:1] or found)


def ends_open(played: RunEvidence, party: str, method: str, calls: Sequence[str]) -> Places:
    """Return where a method may return ``None`` after a call: a bare return, or its last line."""
    found: list[Node] = []
    for one in functions_of(played, party, method):
        own = [node for node in _returns(one) if _is_none(node.value)]
        try:
            open_ends = [] if isinstance(one.function, ast.Lambda) else _open_ends(one.function.body)
        except RecursionError:  # as in `_text`
            open_ends = []
        found += _after(one, own, calls, else_all=not open_ends)
        found += open_ends
    return places(played, party, found)


def comparisons(played: RunEvidence, party: str, method: str, argument: int, but: Collection[str] = ()) -> Places:
    """Return where a method compares this argument with anything but some texts."""
    found: list[Node] = []
    for one in functions_of(played, party, method):
        taken = one.function.args
        named = [word.arg for word in (*taken.posonlyargs, *taken.args)][argument : argument + 1]
        for node in one.nodes:
            if isinstance(node, ast.Compare) and {name_of(side) for side in _sides(node)} & set(named):
                right = any(isinstance(part, ast.Constant) and part.value in but for part in ast.walk(node))
                found += [] if right else [node]
    return places(played, party, found)


def _sides(node: ast.Compare) -> list[ast.expr]:
    return [node.left, *node.comparators]


def texts(played: RunEvidence, party: str, word: str) -> Places:
    """Return where the class that a party runs has a text that holds a word."""
    found: list[Node] = [
        node
        for one in functions_of(played, party)
        for node in one.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and word in node.value
    ]
    return places(played, party, found)


def mentions(played: RunEvidence, party: str, name: str) -> bool:
    """Return whether a name occurs in a party's program; true if there is no program to read."""
    source = source_of(played, party)
    return not source or name in source


def _text(node: ast.AST) -> str:
    """Return a piece of code as text; nothing for code that is nested more deeply than people write."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return ""


def _given(
    played: RunEvidence, party: str, name: str, calls: Sequence[str], method: str
) -> Iterator[tuple[Function, ast.expr]]:
    """Yield what calls get as an argument, each with the method that calls."""
    for one in functions_of(played, party, method):
        for node in one.nodes:
            if isinstance(node, ast.Call) and (called := name_of(node.func)) in calls:
                by_name = [word.value for word in node.keywords if word.arg == name]
                by_place = zip(_POSITIONS.get(called, ()), node.args, strict=False)
                given = by_name or [value for word, value in by_place if word == name]
                yield from ((one.function, value) for value in given)


def _settings(function: Function, variable: str) -> list[Node]:
    """Return the statements of a method in which a variable is set, or a method of its value called."""
    found: list[Node] = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets) if any(name_of(one) == variable for one in targets):
                found.append(node)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)) if name == variable:
                found.append(node)
            case ast.For(target=ast.Name(id=name)) if name == variable:
                found.append(node)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name == variable:
                found.append(node)
    return found


def _returns(one: Reached) -> list[ast.Return]:
    found = [node for node in one.nodes if isinstance(node, ast.Return)]
    return sorted(found, key=lambda node: node.lineno)


def _after(one: Reached, returns: list[ast.Return], names: Sequence[str], *, else_all: bool = True) -> list[ast.Return]:
    """Return the returns after the first call of one of these names; if none comes after, all or none."""
    called = [node.lineno for node in one.nodes if isinstance(node, ast.Call) and name_of(node.func) in names]
    later = [node for node in returns if node.lineno > min(called, default=0)]
    return later or (returns if else_all else [])


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _open_ends(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the last statement of a body that no return follows, if that can be told; None otherwise."""
    match body[-1]:
        case ast.Return() | ast.Raise() | ast.While() | ast.Match():
            return []
        case ast.If(body=inner, orelse=other):
            return _open_ends(inner) or (_open_ends(other) if other else [body[-1]])
        case ast.With(body=inner) | ast.Try(body=inner):
            return _open_ends(inner)
        case last:
            return [last]
