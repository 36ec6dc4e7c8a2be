"""No module of the simulator keeps state, but the one that says which party a process is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import simulator

PACKAGE = Path(simulator.__file__).parent
SOURCES = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
CHANGING = {
    *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"),
    *("add", "discard", "update", "setdefault", "popitem", "subtract", "set", "put", "send", "acquire"),
    *("difference_update", "intersection_update", "symmetric_difference_update", "appendleft", "popleft"),
}
"""Methods that change a container, or another object of the standard library."""


def base(node: ast.expr) -> str:
    """Return the name at the beginning of ``name.attribute[key].attribute``; nothing without an attribute or a key."""
    if not isinstance(node, ast.Attribute | ast.Subscript):
        return ""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def changed(tree: ast.AST) -> Iterator[str]:
    """Yield the names of what is changed: rebound by ``global``, written to, or changed by a method or ``next``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield base(node)
        elif isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr in CHANGING:
                yield function.value.id if isinstance(function.value, ast.Name) else base(function.value)
            if isinstance(function, ast.Name) and function.id in ("next", "setattr", "delattr") and node.args:
                yield node.args[0].id if isinstance(node.args[0], ast.Name) else base(node.args[0])


def with_state(source: str) -> set[str]:
    """Return the classes of a source whose objects can change: some method sets, or changes, what ``self`` holds."""
    return {
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
        if any(name == "self" for part in node.body for name in changed(part))
    }


CLASSES = set[str]().union(*map(with_state, SOURCES.values()))


def of_the_module(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield what is assigned in a module, outside of functions, and what it imports of ours."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node.value
    for found in ast.walk(tree):
        if isinstance(found, ast.ImportFrom) and str(found.module).startswith("autograder"):
            yield from ((alias.asname or alias.name, None) for alias in found.names)


def makes(value: ast.expr | None) -> str:
    """Return the name of the class, or function, that an expression calls."""
    if not isinstance(value, ast.Call):
        return ""
    function = value.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def state(source: str) -> set[str]:
    """Return the names of a module that are state: rebound, written to, or bound to an object that changes itself."""
    tree = ast.parse(source)
    names = dict(of_the_module(tree))
    written = {name for node in tree.body if not isinstance(node, ast.Assign | ast.AnnAssign) for name in changed(node)}
    objects = {name for name, value in names.items() if makes(value) in CLASSES | with_state(source)}
    return (written & names.keys()) | objects


@pytest.mark.parametrize(
    "source",
    [
        "slot = None\ndef put(value):\n    global slot\n    slot = value",
        "slots = {}\ndef put(key, value):\n    slots[key] = value",
        "slots = []\ndef put(value):\n    slots.append(value)",
        "from collections import Counter\nseen: Counter[str] = Counter()\ndef note(key):\n    seen[key] += 1",
        "import itertools\nnumbers = itertools.count()\ndef number():\n    return next(numbers)",
        "from autograder.simulator.parties import components\ndef put(value):\n    components.witness = value",
        "def put(value):\n    from autograder.simulator.parties import components\n    components.witness = value",
        "from autograder.simulator.time_scale import TimeScale\nscale = TimeScale()",
        "from autograder.simulator import time_scale\nscale: object = time_scale.TimeScale()",
        "class Slot:\n    def put(self, value):\n        self.value = value\nslot = Slot()",
        "class Slot:\n    def __init__(self):\n        self._all = []\n    def put(self, value):\n"
        "        self._all.append(value)\nslot = Slot()",
    ],
)
def test_state_is_found(source: str) -> None:
    assert state(source)


@pytest.mark.parametrize(
    "source",
    [
        "WORDS = {'a': 1}\ndef word(key):\n    return WORDS[key]",
        "KINDS = {}\ndef kinds():\n    KINDS = {}\n    return KINDS",
        "from autograder.simulator.network.faults import Fate\nDELIVERED = Fate()",
        "import sys\ndef forget(name):\n    del sys.modules[name]",
    ],
)
def test_what_never_changes_is_no_state(source: str) -> None:
    assert state(source) == set()


def test_one_module_says_which_party_a_process_is_and_no_other_has_state() -> None:
    found = {name: kept for name, source in SOURCES.items() if (kept := state(source))}

    assert found.pop("sandbox/privileges.py") == {"_numbers"}, "it counts the sandboxes of a grader, which is a process"
    assert found == {"parties/context.py": {"_party"}}
