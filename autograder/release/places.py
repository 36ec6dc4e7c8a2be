"""Places in an author's program: file and line, as a fault names them."""

import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

import autograder

_INSTALLED = Path(autograder.__file__).parent.parent


def of_function(function: Callable[..., Any], root: Path) -> str:
    """Return where a function begins; nothing for one that is not written in Python."""
    code = _code(function)
    return place(code.co_filename, code.co_firstlineno, root) if code else ""


def of_error(error: Exception, function: Callable[..., Any], root: Path) -> str:
    """Return the last line of the function's own file through which an error came, else where the function begins."""
    code = _code(function)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if code and frame.filename == code.co_filename and frame.lineno]
    return place(code.co_filename, lines[-1], root) if code and lines else of_function(function, root)


def place(file: str, line: int, root: Path) -> str:
    """Return a file and a line in words, relative to the course folder or to where this package is."""
    path = Path(file)
    above = next((folder for folder in (root, _INSTALLED) if path.is_relative_to(folder)), None)
    return f"{path.relative_to(above).as_posix() if above else path}:{line}"


def _code(function: Callable[..., Any]) -> CodeType | None:
    return getattr(inspect.unwrap(function), "__code__", None)
