"""Finds the lines of a student's code for hints: the calls and returns of the class that a party runs.

Looked at is what that class can run of the student's program: its methods, wherever they stand, and their helpers.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from autograder.report.places import Place
from autograder.rubric import program
from autograder.rubric.model import RunEvidence
from autograder.rubric.program import Reached
from autograder.simulator.scenario import SERVER, Part

_MOST_PLACES = 3
_MOST_CODE = 110
_WAITS = ("sleep", "wait", "wait_for", "acquire", "input")
_REGISTERS = {"register_aux_message_handler": "message_handle_func", "register_request_handler": "handler_f"}
"""The calls that register a handler, of the engine and of ``ReliableMessage``, and how they name it."""
Node = ast.expr | ast.stmt
Places = tuple[Place, ...]


def calls(played: RunEvidence, party: str, *names: str, method: str = "", every: bool = False) -> Places:
    """Return where the class that a party runs calls a function or method.

    Args:
        names: of what is called; the first one that is called counts.
        method: only calls in the method of this name.
        every: all of the names count.
    """
    nodes = [node for one in functions_of(played, party, method) for node in one.nodes if isinstance(node, ast.Call)]
    for wanted in [names] if every else [(name,) for name in names]:
        if found := [node for node in nodes if name_of(node.func) in wanted]:
            return places(played, party, found)
    return ()


def waits(played: RunEvidence, party: str, method: str) -> Places:
    """Return where a method may not end: its ``while`` loops, and calls that wait."""
    nodes = [node for one in functions_of(played, party, method) for node in one.nodes] if method else []
    loops: list[Node] = [node for node in nodes if isinstance(node, ast.While)]
    waiting = [node for node in nodes if isinstance(node, ast.Call) and name_of(node.func) in _WAITS]
    return places(played, party, [*loops, *waiting])


def definition(played: RunEvidence, party: str, *methods: str) -> Places:
    """Return where the first of some methods of a party's class is defined; if it has none, the class."""
    found: list[Node] = [one.function for name in methods for one in functions_of(played, party, name)[:1]]
    return places(played, party, found[:1] or _class(played, party))


def returns(played: RunEvidence, party: str, method: str) -> Places:
    """Return where a method returns; if nowhere, the line with its name."""
    functions = functions_of(played, party, method) if method else []
    own: list[Node] = [node for one in functions for node in one.nodes if isinstance(node, ast.Return)]
    return places(played, party, own or [one.function for one in functions])


def handler(played: RunEvidence, party: str, topic: str = "") -> str:
    """Return the name of the function registered as a handler; empty if none can be named.

    Args:
        topic: of several, the one counts that is registered for this text.
    """
    return name_of(_registered(played, party, topic))


def handler_called(played: RunEvidence, party: str) -> str:
    """Return the name of what is called in place of a handler in its registration; empty if nothing is."""
    registered = _registered(played, party)
    return name_of(registered.func) if isinstance(registered, ast.Call) else ""


def events(played: RunEvidence, party: str) -> list[str]:
    """Return the events that ``handle_event`` of a party's class mentions, such as ``START_RUN``."""
    nodes = [node for one in functions_of(played, party, "handle_event") for node in one.nodes]
    named = [node.attr for node in nodes if isinstance(node, ast.Attribute) and name_of(node.value) == "EventType"]
    return list(dict.fromkeys(named))


def in_place_of(played: RunEvidence, party: str, *methods: str) -> list[str]:
    """Return the inherited methods that the party's class overrides without calling them."""
    part = _part(played, party)
    own = program.read(source_of(played, party)).overridden(part.class_name) if part else {}
    return [
        name
        for name, function in own.items()
        if name in methods and not any(_is_inherited(node, name) for node in ast.walk(function))
    ]


def base(played: RunEvidence, party: str) -> str:
    """Return the class from which the class that a party runs inherits first, as its code names it."""
    bases = [name_of(one) for node in _class(played, party) for one in node.bases]
    return next(filter(None, bases), "its base class")[:_MOST_CODE]


def _is_inherited(node: ast.AST, name: str) -> bool:
    """Return whether a node is an inherited method: ``super().<name>`` or ``<Base>.<name>``."""
    return isinstance(node, ast.Attribute) and node.attr == name and name_of(node.value) != "self"


def _registered(played: RunEvidence, party: str, topic: str = "") -> ast.expr:
    """Return what a party's class registers as a handler; a constant if that cannot be said."""
    nodes = (node for one in functions_of(played, party) for node in one.nodes)
    calls = [node for node in nodes if isinstance(node, ast.Call) and name_of(node.func) in _REGISTERS]
    for node in [node for node in calls if topic and topic in map(_text_of, _given(node, 0, "topic"))] or calls:
        return (_given(node, 1, _REGISTERS[name_of(node.func)]) or [ast.Constant(None)])[0]
    return ast.Constant(None)


def _given(call: ast.Call, position: int, name: str) -> list[ast.expr]:
    """Return what a call gives as an argument, by its name or by its place; nothing if it gives none."""
    named = [word.value for word in call.keywords if word.arg == name]
    return named or call.args[position : position + 1]


def _text_of(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _part(played: RunEvidence, party: str) -> Part | None:
    if party not in played.scenario.students:
        return None
    return played.scenario.controller if party == SERVER else played.scenario.executors.get(party)


def source_of(played: RunEvidence, party: str) -> str:
    """Return the module that a party of the student's runs; empty for other parties."""
    part = _part(played, party)
    return part.sources.get(part.module, "") if part else ""


def functions_of(played: RunEvidence, party: str, name: str = "") -> list[Reached]:
    """Return the methods of a party's class, then their helpers; or only those of this name.

    That is a method, or else a function at top level, or else one within another.
    """
    part = _part(played, party)
    every = program.reached(source_of(played, party), part.class_name) if part else ()
    if not name:
        return list(every)
    named = [one for one in every if one.name == name]
    inner = (node for one in every for node in one.nodes if isinstance(node, program.Named) and node.name == name)
    return named[:1] or [Reached(name, False, node, tuple(ast.walk(node))) for node in inner][:1]


def _class(played: RunEvidence, party: str) -> list[ast.ClassDef]:
    """Return the class that a party runs; none where there is none to be read."""
    part = _part(played, party)
    found = program.read(source_of(played, party)).classes.get(part.class_name) if part else None
    return [found] if found else []


def name_of(node: ast.AST) -> str:
    """Return the last part of a name, as it is called; empty if it has none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def places(played: RunEvidence, party: str, nodes: Sequence[Node]) -> Places:
    """Return the lines in which some nodes begin, once each with their text, if they are in the notebook."""
    lines = source_of(played, party).split("\n")
    found = {node.lineno: _written(lines, node) for node in sorted(nodes, key=lambda node: node.lineno)}
    there = ((played.locate(number), code) for number, code in list(found.items())[:_MOST_PLACES])
    return tuple(replace(place, code=_shortened(code)) for place, code in there if place)


def _written(lines: Sequence[str], node: Node) -> str:
    """Return the line in which something begins, with the lines that continue it."""
    if isinstance(getattr(node, "body", None), list):
        return lines[node.lineno - 1].strip()
    rows = " ".join(line.strip() for line in lines[node.lineno - 1 : node.end_lineno or node.lineno])
    return re.sub(r"(?<=[(\[{]) |,? (?=[)\]}])", "", rows)


def _shortened(code: str) -> str:
    return code if len(code) <= _MOST_CODE else f"{code[:_MOST_CODE]}…"
