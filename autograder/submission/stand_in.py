"""Stand-ins for exercises that a student has not got right: classes that can do nothing but tell that they were called.

They are made from a stub as it is handed out, which has the right names and signatures and no solution. So nothing of a
model answer is ever in a process in which a student's code runs.
"""

import ast
import re

from autograder.submission.model import Cell

_RECORD = "__import__('autograder.simulator.parties.stand_in_calls', fromlist=['called']).called"
"""Is written out where it is called, so that a stand-in adds no name to the notebook."""
_TOLD = re.compile(re.escape(f"{_RECORD}(") + r"'([\w.]+)'")


def stand_in_for(stub: str) -> Cell:
    """Return a cell with the classes of a stub, in which every method that is left to the student only tells of calls.

    A method whose annotation says that it returns something returns a reply that says OK, as a right one would.
    """
    tree = ast.parse(stub)
    for found in tree.body:
        if isinstance(found, ast.ClassDef):
            found.body = [_silent(found.name, node) for node in found.body if not is_docstring(node)] or [ast.Pass()]
    return Cell(None, ast.unparse(tree), stand_in=True)


def methods_of(stand_in: Cell) -> list[str]:
    """Return the methods of a stand-in that tell of calls, such as ``Sender.execute``."""
    return _TOLD.findall(stand_in.source)


def is_docstring(node: ast.stmt) -> bool:
    """Return whether a statement is a docstring, or another constant that does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _silent(owner: str, node: ast.stmt) -> ast.stmt:
    if not isinstance(node, ast.FunctionDef) or not _is_left_open(node):
        return node
    replies = node.returns is not None and not (isinstance(node.returns, ast.Constant) and node.returns.value is None)
    arguments = ", ".join(argument.arg for argument in node.args.args[1:])
    call = f"return {_RECORD}({f'{owner}.{node.name}'!r}, [{arguments}], replies={replies})"
    # What a class of NVFlare's needs is made by its own constructor, which every right one calls.
    node.body = [*([_statement("super().__init__()")] if node.name == "__init__" else []), _statement(call)]
    return node


def _statement(text: str) -> ast.stmt:
    function = ast.parse(f"def _():\n    {text}").body[0]
    assert isinstance(function, ast.FunctionDef)
    return function.body[0]


def _is_left_open(method: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node) for node in method.body)
