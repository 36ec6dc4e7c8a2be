"""Where in a student's code a hint points: the calls and returns of the class that a party runs.

Only that class is looked at. What it inherits may be the model answer of an earlier exercise, and is shown to nobody.
"""

import ast
from collections.abc import Iterator, Sequence

from autograder.rubric.model import Played
from autograder.simulator.scenario import SERVER, Part
from autograder.submission.definitions import Unreadable, parse

_MOST_PLACES = 3
_MOST_CODE = 60
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def calls(played: Played, party: str, *names: str, method: str = "") -> str:
    """Where the class that a party runs calls a function or method, in words; empty where it does not.

    Args:
        names: of what is called; the first one that is called counts.
        method: only calls in the method of this name.
    """
    nodes = [node for node in _nodes(played, party, method) if isinstance(node, ast.Call)]
    for name in names:
        if found := [node for node in nodes if _name(node.func) == name]:
            return _places(played, party, found)
    return ""


def returns(played: Played, party: str, method: str) -> str:
    """Where a method returns, in words; where it does not, the line with its name."""
    nodes = list(_nodes(played, party, method))
    own = [node for node in nodes if isinstance(node, ast.Return)]
    return _places(played, party, own or [node for node in nodes[:1] if isinstance(node, _Function)])


def handler(played: Played, party: str) -> str:
    """The name of the method or function that is registered as a handler; empty where none can be named."""
    for node in _nodes(played, party, ""):
        if isinstance(node, ast.Call) and _name(node.func) == "register_aux_message_handler":
            named = [word.value for word in node.keywords if word.arg == "message_handle_func"]
            return _name((named or [*node.args[1:2], ast.Constant(None)])[0])
    return ""


def _part(played: Played, party: str) -> Part | None:
    if party not in played.scenario.students:
        return None
    return played.scenario.controller if party == SERVER else played.scenario.executors.get(party)


def _source(played: Played, party: str) -> str:
    part = _part(played, party)
    return part.sources.get(part.module, "") if part else ""


def _nodes(played: Played, party: str, method: str) -> Iterator[ast.AST]:
    """The nodes of a party's class, or of one method of it, in the order of their lines; the method itself first."""
    part = _part(played, party)
    tree = parse(_source(played, party))
    if part is None or isinstance(tree, Unreadable):
        return
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == part.class_name:
            functions = [child for child in node.body if isinstance(child, _Function)]
            for function in functions:
                if method in ("", function.name):
                    found = [child for child in ast.walk(function) if isinstance(child, ast.Call | ast.Return)]
                    yield function
                    yield from sorted(found, key=lambda child: child.lineno)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _places(played: Played, party: str, nodes: Sequence[ast.expr | ast.stmt]) -> str:
    lines = _source(played, party).split("\n")
    numbers = sorted({node.lineno for node in nodes})
    told = [_place(played, number, lines[number - 1].strip()) for number in numbers[:_MOST_PLACES]]
    return "; ".join(place for place in told if place)


def _place(played: Played, number: int, code: str) -> str:
    where = played.locate(number)
    short = code if len(code) <= _MOST_CODE else f"{code[:_MOST_CODE]}…"
    return f"{where}: {short}" if where else ""
