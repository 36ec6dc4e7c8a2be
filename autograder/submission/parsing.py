"""Parsing Python, one text at a time.

CPython 3.11 keeps count of how deep it is in a tree in one place for all threads, and raises ``SystemError`` ("AST
constructor recursion depth mismatch") when two of them make trees at once. Submissions are graded in threads.
"""

import ast
import threading
from typing import Literal, cast, overload

_one_at_a_time = threading.Lock()


@overload
def tree_of(source: str) -> ast.Module: ...
@overload
def tree_of(source: str, mode: Literal["eval"]) -> ast.Expression: ...


def tree_of(source: str, mode: Literal["exec", "eval"] = "exec") -> ast.Module | ast.Expression:
    """Return the tree of a text.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _one_at_a_time:
        return cast("ast.Module | ast.Expression", ast.parse(source, mode=mode))
