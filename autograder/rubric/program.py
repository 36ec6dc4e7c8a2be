"""A student's program as hints see it: which functions are the methods of a class when the program has come to its end.

The program is run from top to bottom, so of several definitions of one name the last one counts. Methods come from the
class, from what is put into it later, and from its bases, as far as all that is written out in the program. A tree is
made once for a text, since it may be long.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.submission.parsing import tree_of

Named = ast.FunctionDef | ast.AsyncFunctionDef
Function = Named | ast.Lambda

_CALLED_FROM_OUTSIDE = frozenset(
    {"__init__", "handle_event", "execute", "start_controller", "control_flow", "stop_controller"}
)
"""The methods that NVFlare calls."""


@dataclass(frozen=True)
class Program:
    """The top level of a program, by name; the last definition of a name that has several.

    Attributes:
        put_in: class name to the functions that are put into the class from outside, by the names that they have there.
    """

    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    put_in: dict[str, dict[str, Function]] = field(default_factory=dict)

    def methods(self, class_name: str) -> dict[str, Function]:
        """Return the methods of a class by name, its own before those of its bases; none if it is not in the code."""
        found: dict[str, Function] = {}
        for name in self._lineage(class_name, set()):
            own = {**_own_methods(self, self.classes[name]), **self.put_in.get(name, {})}
            found = {**own, **found}
        return found

    def overridden(self, class_name: str) -> dict[str, Function]:
        """Return the methods of a class that are in its body, or are put into it later."""
        node = self.classes.get(class_name)
        return {**_own_methods(self, node), **self.put_in.get(class_name, {})} if node else {}

    def helpers(self, functions: Sequence[Function]) -> dict[str, Function]:
        """Return the top-level functions that some functions name, and those that these name in turn."""
        found: dict[str, Function] = {}
        waiting = list(functions)
        while waiting:
            named = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
            new = {name: self.functions[name] for name in sorted(named & self.functions.keys() - found.keys())}
            found |= new
            waiting += new.values()
        return {name: function for name, function in found.items() if function not in functions}

    def _lineage(self, class_name: str, seen: set[str]) -> Iterator[str]:
        """Yield a class and its bases in the program, once each, roughly in Python's order."""
        node = self.classes.get(class_name)
        if node is None or class_name in seen:
            return
        seen.add(class_name)
        yield class_name
        for base in node.bases:
            yield from self._lineage(base.id, seen) if isinstance(base, ast.Name) else ()


@lru_cache(maxsize=4)
def read(source: str) -> Program:
    """Read a program; an empty one where it is no Python, or is nested more deeply than anything a person writes."""
    program = Program()
    try:
        for node in _top_level(tree_of(source).body):
            _note(program, node)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Program()
    return program


@dataclass(frozen=True)
class Reached:
    """A function that a class can run: by what name, whether as a method, and all nodes of it, itself first."""

    name: str
    is_method: bool
    function: Function
    nodes: tuple[ast.AST, ...]


@lru_cache(maxsize=16)
def reached(source: str, class_name: str) -> tuple[Reached, ...]:
    """Return the methods of a class in a program, then the functions that they lead to."""
    program = read(source)
    methods = _in_use(program, class_name)
    helpers = program.helpers(list(methods.values()))
    return tuple(
        Reached(name, is_method, function, tuple(ast.walk(function)))
        for is_method, functions in ((True, methods), (False, helpers))
        for name, function in functions.items()
    )


def _in_use(program: Program, class_name: str) -> dict[str, Function]:
    """Return the methods of a class without those that it inherits, and that nothing which it runs names any more."""
    every = program.methods(class_name)
    found: dict[str, Function] = {}
    waiting = [name for name in every if name in program.overridden(class_name) or name in _CALLED_FROM_OUTSIDE]
    while waiting:
        found |= {name: every[name] for name in waiting}
        named = _names_in(found[name] for name in waiting) | _names_in(program.helpers(list(found.values())).values())
        waiting = [name for name in every if name in named and name not in found]
    return {name: function for name, function in every.items() if name in found}


def _names_in(functions: Iterable[Function]) -> set[str]:
    """Return the names that functions mention: as attributes, by themselves, or as texts, as ``getattr`` has them."""
    nodes = [node for function in functions for node in ast.walk(function)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    plain = {node.id for node in nodes if isinstance(node, ast.Name)}
    return texts | plain | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements at top level, those within an ``if``, a ``try`` or the like included."""
    for node in body:
        yield node
        if not isinstance(node, Named | ast.ClassDef):
            inside = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]
            inside += [handler.body for handler in getattr(node, "handlers", [])]
            for block in inside:
                yield from _top_level(block)


def _note(program: Program, node: ast.stmt) -> None:
    match node:
        case ast.ClassDef(name=name):
            program.classes[name] = node
            program.put_in.pop(name, None)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            program.functions[name] = node
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function):
            program.functions[name] = function
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=value):
            _put(program, owner, name, value)
        case ast.Expr(
            value=ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), ast.Constant(value=str(name)), value])
        ):
            _put(program, owner, name, value)


def _put(program: Program, owner: str, name: str, value: ast.expr) -> None:
    function = _function(program, value)
    if owner in program.classes and function is not None:
        program.put_in.setdefault(owner, {})[name] = function


def _function(program: Program, value: ast.expr) -> Function | None:
    """Return the function that an expression names: a lambda, a name, or a method by its class."""
    match value:
        case ast.Lambda():
            return value
        case ast.Name(id=name):
            return program.functions.get(name)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return program.methods(owner).get(name)
    return None


def _own_methods(program: Program, node: ast.ClassDef) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for inner in node.body:
        match inner:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found[name] = inner
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                function = _function(program, value)
                if function is not None:
                    found[name] = function
    return found
