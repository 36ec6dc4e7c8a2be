"""Code that is there and right, and yet does nothing that is seen: it is run too late, never, or fails in silence."""

import ast
import difflib
from collections.abc import Iterator, Sequence

from autograder.rubric.code import Node, Places, functions_of, name_of, places
from autograder.rubric.model import RunEvidence
from autograder.rubric.program import Named

_ALIKE = 0.7
_LATER = ("Timer", "Thread", "submit", "call_later", "call_soon", "run_in_executor")
"""The names of what runs later, or beside, what it is given."""
_AWAITS = ("run", "run_until_complete", "create_task", "ensure_future", "gather", "wait_for")


def handed_over(played: RunEvidence, party: str, *names: str) -> Places:
    """Return where something of these names is passed to what runs it later, such as a ``Timer``."""
    meant = {*names, *(function.name for function in _functions_that_call(played, party, names))}
    found: list[Node] = []
    for node in _nodes(played, party):
        if isinstance(node, ast.Call) and name_of(node.func) in _LATER:
            given = [*node.args, *(word.value for word in node.keywords)]
            found += [node] if meant & {name_of(child) for value in given for child in ast.walk(value)} else []
    return places(played, party, found)


def unawaited(played: RunEvidence, party: str, *names: str) -> Places:
    """Return where an ``async def`` begins that calls one of these names and is awaited nowhere."""
    asynchronous = [
        function
        for function in _functions_that_call(played, party, names)
        if isinstance(function, ast.AsyncFunctionDef)
    ]
    awaited = {
        name_of(child)
        for node in _nodes(played, party)
        if isinstance(node, ast.Await) or (isinstance(node, ast.Call) and name_of(node.func) in _AWAITS)
        for child in ast.walk(node)
    }
    return places(played, party, [function for function in asynchronous if function.name not in awaited])


def mistyped(played: RunEvidence, party: str, *names: str) -> list[str]:
    """Return calls whose name is nearly, but not exactly, one of these."""
    called = {name_of(node.func): node for node in _nodes(played, party) if isinstance(node, ast.Call)}
    alike = (difflib.get_close_matches(name, called.keys() - set(names), n=1, cutoff=_ALIKE) for name in names)
    return list(dict.fromkeys(found for one in alike for found in one))


def is_async(played: RunEvidence, party: str, method: str) -> bool:
    """Return whether a method or function is an ``async def``, so that a call runs nothing of it."""
    functions = functions_of(played, party, method) if method else []
    return any(isinstance(one.function, ast.AsyncFunctionDef) for one in functions)


def kept_quiet(played: RunEvidence, party: str, *names: str) -> Places:
    """Return where an ``except`` or ``suppress`` hides what a call of one of these names raises."""
    lines: list[int] = []
    for node in _nodes(played, party):
        if isinstance(node, ast.Try) and _calls_within(node.body, names):
            lines += [handler.lineno for handler in node.handlers if not _tells(handler)]
        if isinstance(node, ast.With) and _calls_within(node.body, names):
            managers = [item.context_expr for item in node.items]
            lines += [one.lineno for one in managers if isinstance(one, ast.Call) and name_of(one.func) == "suppress"]
    return places(played, party, [ast.Pass(lineno=line, end_lineno=line) for line in lines])


def _nodes(played: RunEvidence, party: str) -> Iterator[ast.AST]:
    return (node for one in functions_of(played, party) for node in one.nodes)


def _functions_that_call(played: RunEvidence, party: str, names: Sequence[str]) -> list[Named]:
    """Return the functions, nested ones included, that call one of these names."""
    functions = [node for node in _nodes(played, party) if isinstance(node, Named)]
    return [function for function in functions if _calls_within(function.body, names)]


def _calls_within(body: Sequence[ast.stmt], names: Sequence[str]) -> bool:
    return any(isinstance(node, ast.Call) and name_of(node.func) in names for one in body for node in ast.walk(one))


def _tells(handler: ast.ExceptHandler) -> bool:
    """Return whether an ``except`` raises again, or reports what it caught."""
    nodes = [node for one in handler.body for node in ast.walk(one)]
    said = ("log_exception", "exception", "print_exc", "format_exc")
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Name) and node.id == handler.name)
        or (isinstance(node, ast.Call) and name_of(node.func) in said)
        for node in nodes
    )
