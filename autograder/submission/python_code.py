"""A cell's source as Python: what IPython makes of it before it runs it, line for line.

A cell may hold what only IPython understands: magics, shell commands, pasted prompts, a cell that is indented as a
whole. IPython's own transformer reads them, so a cell means here what it means in a kernel. Cells that are Python as
they stand are left alone.
"""

import ast
import platform
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

from autograder.submission.parsing import tree_of

MOST_CODE = 500_000
"""Characters. All code of a notebook has some ten thousand; reading much more could take minutes."""

MOST_MAGIC_CODE = 50_000
"""Characters of a cell with magics: IPython reads the whole cell again for each of them."""

_RUNS_THE_CELL = re.compile(r"%%(?:time|capture|prun)\b")
"""Cell magics that run the rest of the cell in the notebook, so what it defines is defined."""
_WRITES_A_FILE = re.compile(r"%%(?:writefile|file)\s+(?P<arguments>.*)")
_MAGICS = re.compile(r"^\s*(?:[%!?]|>>>|In \[)|[%!]|\?\s*$", re.MULTILINE)
_LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Unreadable:
    """Why a cell is no Python: what is wrong, at which line, and the text of that line."""

    message: str
    line: int
    text: str


def with_plain_line_ends(source: str) -> str:
    """Return a source with the line ends of Unix, whatever system it was written on."""
    return _LINE_END.sub("\n", source)


@lru_cache(maxsize=256)
def python_of(source: str) -> str | Unreadable:
    """Return a cell's source as the Python that IPython would run, with as many lines; or why it is none.

    Never raises, whatever the cell holds.
    """
    source = with_plain_line_ends(source)
    if len(source) > MOST_CODE:
        return Unreadable(f"the cell has more than {MOST_CODE} characters of code", 1, _line(source, 1))
    read = _parsed(source, source)
    if isinstance(read, ast.Module):
        return source
    python = _transformed(source)
    if python == source:
        return read
    again = _parsed(python, source)
    return python if isinstance(again, ast.Module) else again


@lru_cache(maxsize=64)
def parse(source: str) -> ast.Module | Unreadable:
    """Return the syntax tree of a cell, or why it has none. Never raises. The tree is shared: do not change it."""
    python = python_of(source)
    return python if isinstance(python, Unreadable) else _parsed(python, source)


def _parsed(python: str, source: str) -> ast.Module | Unreadable:
    """Return the tree of a text.

    Args:
        source: the cell as it was written, whose line a message shows.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the student's code, but shown as if about ours
            return tree_of(python)
    except SyntaxError as error:
        line = error.lineno or 1
        return Unreadable(error.msg, line, _line(source, line))
    except UnicodeEncodeError as error:
        line = python.count("\n", 0, error.start) + 1
        return Unreadable("it holds characters that are no text (lone surrogates)", line, _line(source, line))
    except ValueError as error:  # NUL characters, and integers of more digits than Python reads
        return Unreadable(str(error), 1, _line(source, 1))
    except (RecursionError, MemoryError, OverflowError):
        return Unreadable("it is nested too deeply", 1, _line(source, 1))


def python_version() -> str:
    """Return the version of the Python that reads submissions, such as ``3.11``: newer syntax is unknown to it."""
    return ".".join(platform.python_version_tuple()[:2])


def _transformed(source: str) -> str:
    """Return a cell after IPython's transformations, with its lines where they were."""
    if len(source) > MOST_MAGIC_CODE or not (_MAGICS.search(source) or source[:1] in " \t\n"):
        return source
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        python = _of_cell_magic(lines[first], "\n".join(lines[first + 1 :]))
    else:
        python = _of_ipython("\n".join(lines[first:]))
    return _padded("\n" * first + python, len(lines))


def _of_cell_magic(magic: str, body: str) -> str:
    if _RUNS_THE_CELL.match(magic):
        read = _parsed(body, body)
        return "\n" + (body if isinstance(read, ast.Module) else _transformed(body))
    if writes := _WRITES_A_FILE.match(magic):
        return f"get_ipython().run_cell_magic('writefile', {writes['arguments']!r}, {body!r})"
    return ""  # other magics hand the cell to another program, or to another language


def _of_ipython(source: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager  # not needed for a notebook that is plain Python

    try:
        return str(TransformerManager().transform_cell(source)).removesuffix("\n")
    except Exception:  # it reads tokens of any text, and what it cannot read is no Python either
        return source


def _padded(python: str, count: int) -> str:
    """Return a text with as many lines as the cell had."""
    return python + "\n" * max(0, count - python.count("\n") - 1)


def _line(source: str, number: int) -> str:
    lines = source.split("\n", number)
    text = lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
