"""Where in a student's code a hint points: the calls and returns of the class that a party runs.

Only that class is looked at. What it inherits may be the model answer of an earlier exercise, and is shown to nobody.
"""

import ast
import re
from collections.abc import Iterator, Sequence

from autograder.rubric.model import Played
from autograder.simulator.scenario import SERVER, Part
from autograder.submission.python_code import Unreadable, parse

_MOST_PLACES = 3
_MOST_CODE = 110
_WAITS = ("sleep", "wait", "acquire", "input")
_REGISTERS = "register_aux_message_handler"
Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = ast.expr | ast.stmt


def calls(played: Played, party: str, *names: str, method: str = "", every: bool = False) -> str:
    """Where the class that a party runs calls a function or method, in words; empty where it does not.

    Args:
        names: of what is called; the first one that is called counts.
        method: only calls in the method of this name.
        every: all of the names count.
    """
    nodes = [node for node in _nodes(played, party, method) if isinstance(node, ast.Call)]
    for wanted in [names] if every else [(name,) for name in names]:
        if found := [node for node in nodes if name_of(node.func) in wanted]:
            return places(played, party, found)
    return ""


def waits(played: Played, party: str, method: str) -> str:
    """Where a method may not come to its end, in words: its ``while`` loops, and calls that wait."""
    nodes = list(_nodes(played, party, method)) if method else []
    loops = [node for node in nodes if isinstance(node, ast.While)]
    waiting = [node for node in nodes if isinstance(node, ast.Call) and name_of(node.func) in _WAITS]
    return places(played, party, [*loops, *waiting])


def definition(played: Played, party: str, *methods: str) -> str:
    """Where the class that a party runs defines the first of some methods; where it defines none, its own line."""
    defined = {node.name: node for node in _nodes(played, party, "") if isinstance(node, Function)}
    found = [defined[name] for name in methods if name in defined]
    return places(played, party, found[:1] or _class(played, party))


def returns(played: Played, party: str, method: str) -> str:
    """Where a method returns, in words; where it does not, the line with its name."""
    nodes = list(_nodes(played, party, method))
    own = [node for node in nodes if isinstance(node, ast.Return)]
    return places(played, party, own or [node for node in nodes[:1] if isinstance(node, Function)])


def handler(played: Played, party: str) -> str:
    """The name of the method or function that is registered as a handler; empty where none can be named."""
    return name_of(_registered(played, party))


def handler_called(played: Played, party: str) -> str:
    """The name of what is called where a handler is to be registered; empty where nothing is."""
    registered = _registered(played, party)
    return name_of(registered.func) if isinstance(registered, ast.Call) else ""


def events(played: Played, party: str) -> list[str]:
    """The events that ``handle_event`` of the class that a party runs speaks of, such as ``START_RUN``."""
    methods = [node for node in _nodes(played, party, "handle_event") if isinstance(node, Function)]
    nodes = [node for method in methods for node in ast.walk(method) if isinstance(node, ast.Attribute)]
    return list(dict.fromkeys(node.attr for node in nodes if name_of(node.value) == "EventType"))


def in_place_of(played: Played, party: str, *methods: str) -> list[str]:
    """Which of some inherited methods the class that a party runs defines anew, without a call of the inherited one."""
    found = [node for node in _nodes(played, party, "") if isinstance(node, Function) and node.name in methods]
    return [method.name for method in found if not any(_is_inherited(node, method.name) for node in ast.walk(method))]


def _is_inherited(node: ast.AST, name: str) -> bool:
    """Whether a node is the inherited method of a name: ``super().<name>`` or ``<Base>.<name>``."""
    return isinstance(node, ast.Attribute) and node.attr == name and name_of(node.value) != "self"


def _registered(played: Played, party: str) -> ast.expr:
    """What the class that a party runs registers as a handler; a constant where that cannot be said."""
    for node in _nodes(played, party, ""):
        if isinstance(node, ast.Call) and name_of(node.func) == _REGISTERS:
            named = [word.value for word in node.keywords if word.arg == "message_handle_func"]
            return (named or [*node.args[1:2], ast.Constant(None)])[0]
    return ast.Constant(None)


def _part(played: Played, party: str) -> Part | None:
    if party not in played.scenario.students:
        return None
    return played.scenario.controller if party == SERVER else played.scenario.executors.get(party)


def source_of(played: Played, party: str) -> str:
    """The module that a party of the student's runs; empty for other parties."""
    part = _part(played, party)
    return part.sources.get(part.module, "") if part else ""


def methods_of(played: Played, party: str, method: str = "") -> Iterator[Function]:
    """The methods of the class that a party runs, or the one of this name."""
    for node in _class(played, party):
        if isinstance(node, ast.ClassDef):
            yield from (one for one in node.body if isinstance(one, Function) and method in ("", one.name))


def _nodes(played: Played, party: str, method: str) -> Iterator[ast.AST]:
    """Calls, returns and ``while`` loops of a party's class, or of one method, by line; each method before its own."""
    for function in methods_of(played, party, method):
        found = [child for child in ast.walk(function) if isinstance(child, ast.Call | ast.Return | ast.While)]
        yield function
        yield from sorted(found, key=lambda child: child.lineno)


def _class(played: Played, party: str) -> list[ast.stmt]:
    """The class that a party runs; none where there is none to be read."""
    part, tree = _part(played, party), parse(source_of(played, party))
    if part is None or isinstance(tree, Unreadable):
        return []
    return [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == part.class_name]


def name_of(node: ast.AST) -> str:
    """The last part of a name, as it is called; empty for what has none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def places(played: Played, party: str, nodes: Sequence[Node]) -> str:
    """The lines in which some nodes begin, each once, in words: where they are in the notebook, and what they say."""
    lines = source_of(played, party).split("\n")
    found = {node.lineno: _written(lines, node) for node in sorted(nodes, key=lambda node: node.lineno)}
    told = [_place(played, number, code) for number, code in list(found.items())[:_MOST_PLACES]]
    return "; ".join(place for place in told if place)


def _written(lines: Sequence[str], node: Node) -> str:
    """The line in which something begins; where it goes on in the next ones, with these."""
    if hasattr(node, "body"):
        return lines[node.lineno - 1].strip()
    rows = " ".join(line.strip() for line in lines[node.lineno - 1 : node.end_lineno or node.lineno])
    return re.sub(r"(?<=[(\[{]) |,? (?=[)\]}])", "", rows)


def _place(played: Played, number: int, code: str) -> str:
    where = played.locate(number)
    short = code if len(code) <= _MOST_CODE else f"{code[:_MOST_CODE]}…"
    return f"{where}: {short}" if where else ""
