"""Methods that take the place of those of a class in a cell's text."""

import ast
import textwrap

_METHOD = (ast.FunctionDef, ast.AsyncFunctionDef)


def class_in(source: str, name: str) -> ast.ClassDef | None:
    """Return the class with this name that a cell defines last, or None; None also for what is no Python."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    return next((node for node in reversed(body) if isinstance(node, ast.ClassDef) and node.name == name), None)


def put_methods(source: str, class_name: str, methods: str) -> str:
    """Return the text of a cell with other methods in one of its classes.

    Each takes the place of the one with its name; those that the class does not have are added at its end.

    Args:
        source: the cell, which defines the class.
        methods: their definitions, not indented.

    Raises:
        ValueError: when the text of the methods is no Python, or holds something else than methods, or the class is
            written in one line.
    """
    try:
        parsed = ast.parse(methods).body
    except SyntaxError as error:
        raise ValueError(f"the methods of {class_name} are no Python: {error.msg} in line {error.lineno}") from error
    if not all(isinstance(node, _METHOD) for node in parsed):
        raise ValueError(f"a part in {class_name} can hold methods only")
    lines = methods.splitlines()
    for node in parsed:
        assert isinstance(node, _METHOD)
        source = _put(source, class_name, node.name, "\n".join(lines[_begin(node) : node.end_lineno]))
    return source


def _put(source: str, class_name: str, name: str, text: str) -> str:
    owner = class_in(source, class_name)
    assert owner is not None and owner.end_lineno is not None
    if owner.body[0].lineno == owner.lineno:
        raise ValueError(f"the class {class_name} is written in one line, so no method can be put into it")
    lines = source.splitlines()
    indented = textwrap.indent(text, " " * owner.body[0].col_offset).splitlines()
    old = next((node for node in owner.body if isinstance(node, _METHOD) and node.name == name), None)
    if old is None:
        lines[owner.end_lineno : owner.end_lineno] = ["", *indented]
    else:
        lines[_begin(old) : old.end_lineno] = indented
    return "\n".join(lines)


def _begin(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the index of the first line of a method, its decorators included."""
    return min(one.lineno for one in (node, *node.decorator_list)) - 1
