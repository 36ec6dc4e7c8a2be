"""Classes as their source defines them, which is read and never run: constructors, and the tasks they give out."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograder.submission.python_code import Unreadable, parse


@dataclass(frozen=True)
class Definitions:
    """The classes of a file, or of several cells.

    Attributes:
        label: how it is called in a sentence.
        body: its statements.
    """

    label: str
    body: tuple[ast.stmt, ...]

    @classmethod
    def of(cls, label: str, *sources: str) -> "Definitions":
        """Read sources. One that is no Python defines nothing."""
        trees = (parse(source) for source in sources)
        return cls(label, tuple(node for tree in trees if not isinstance(tree, Unreadable) for node in tree.body))

    def class_named(self, name: str) -> ast.ClassDef | None:
        """Return a class; None when there is none of this name."""
        return next((node for node in self.body if isinstance(node, ast.ClassDef) and node.name == name), None)

    def wrong_arguments(self, name: str, given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """Return ``unknown`` and ``missing`` arguments for a constructor; nothing where they cannot be told."""
        found = self.class_named(name)
        init = next((node for node in found.body if _is_init(node)), None) if found else None
        if not isinstance(init, ast.FunctionDef):
            return {}
        arguments = init.args
        positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)][1:]
        required = positional[: len(positional) - len(arguments.defaults)]
        keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        required += [argument.arg for argument, default in keywords if default is None]
        known = {*positional, *(argument.arg for argument in arguments.kwonlyargs)}
        unknown = () if arguments.kwarg else tuple(one for one in given if one not in known)
        missing = tuple(one for one in required if one not in given)
        return {what: names for what, names in (("unknown", unknown), ("missing", missing)) if names}

    def may_give(self, name: str, task: str, given: Mapping[str, Any]) -> bool:
        """Return whether a controller may give out a task, as far as its source and its arguments tell.

        One that makes no task itself may have inherited that, and a name that is put together may be any.
        """
        found = self.class_named(name)
        names = [_task_name(node) for node in ast.walk(found) if isinstance(node, ast.Call)] if found else []
        made = [node for node in names if node is not None]
        if not made or not all(isinstance(node, ast.Constant | ast.Name | ast.Attribute) for node in made):
            return True
        constants = (node.value for one in self.body for node in ast.walk(one) if isinstance(node, ast.Constant))
        return task in (*constants, *_texts(given))


def of_package(module: str) -> Definitions | None:
    """Return the classes of a module of this package that a run has; None when there is no such module."""
    try:
        spec = find_spec(module) if module.startswith("autograder.simulator.") else None
    except ImportError:
        return None
    if spec is None or spec.origin is None:
        return None
    return Definitions.of(module, Path(spec.origin).read_text(encoding="utf-8"))


def _is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def _task_name(call: ast.Call) -> ast.expr | None:
    """Return the name that a call of ``Task`` gives; None for other calls."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called != "Task":
        return None
    named = (keyword.value for keyword in call.keywords if keyword.arg == "name")
    return next(named, call.args[0] if call.args else None)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for key, item in value.items():
                yield from (*_texts(key), *_texts(item))
        case list() | tuple():
            for item in value:
                yield from _texts(item)
