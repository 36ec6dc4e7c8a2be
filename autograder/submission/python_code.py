"""A cell's source as Python: what IPython makes of it before it runs it, line for line.

A cell may hold what only IPython understands: magics, shell commands, pasted prompts, a cell that is indented as a
whole. IPython's own transformer reads them, so a cell means here what it means in a kernel. Cells that are Python as
they stand are left alone.
"""

import ast
import platform
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.submission.parsing import tree_of

MOST_CODE = 200_000
"""Characters, of a cell and of a notebook. All code of one has some ten thousand; some of this size takes four seconds
to read."""

_MOST_TO_READ_AGAIN = 50_000
"""Characters of a cell that IPython reads as a whole, which it does again for each magic in it."""

_MOST_MAGICS = 20
"""Cell magics one below the other that are looked through. With thousands of them IPython itself does not get far."""

_CELL_MAGIC = re.compile(r"%%(?P<name>\S+)\s*(?P<arguments>.*)")
_RUNS_THE_CELL = re.compile(r"%%(?:time(?:\s+-\S+)*\s*$|prun\b|capture\b\s*(?P<capture>.*))")
"""Cell magics that run the rest of the cell in the notebook, so what it defines is defined."""
_NO_PYTHON = re.compile(r"bash|cmd|html|javascript|js|latex|markdown|perl|python2|ruby|script|sh|svg", re.IGNORECASE)
"""Cell magics that hand the cell to another program, or to the screen."""
_MAGICS = re.compile(r"^\s*(?:[%!?,;/]|>>>|In \[)|[%!]|\?\s*$", re.MULTILINE)
_MAGIC_LINE = re.compile(r"(?P<indent>[ \t]*)(?:[%!?,;/]|[^#\s].*=\s*[%!]|[^#\s].*\?\s*$)")
"""A line that may be a magic, a program or a question. In a text or a bracket it is none."""
_PROMPT = re.compile(r"\s*In \[\d+\]: ")
"""The prompt of a copied cell. Python reads it as an annotation."""
_LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Unreadable:
    """The reason for which a cell is no Python: what is wrong, at which line, and the text of that line."""

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
    python, tree = _read(source)
    return tree if isinstance(tree, Unreadable) else python


def parse(source: str) -> ast.Module | Unreadable:
    """Return the syntax tree of a cell, or why it has none. Never raises. The tree is shared: do not change it."""
    return _read(source)[1]


@lru_cache(maxsize=64)
def _read(source: str) -> tuple[str, ast.Module | Unreadable]:
    """Return a cell's source as Python, and its syntax tree or why it has none."""
    source = with_plain_line_ends(source)
    if len(source) > MOST_CODE:
        return source, Unreadable(f"the cell has more than {MOST_CODE} characters of code", 1, _line(source, 1))
    tree = _parsed(source, source)
    if isinstance(tree, ast.Module) and not _PROMPT.match(source):
        return source, tree
    python = _transformed(source)
    return python, tree if python == source else _parsed(python, source)


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


def _transformed(source: str, below: int = 0) -> str:
    """Return a cell after IPython's transformations, with its lines where they were.

    Args:
        below: how many cell magics stand above, each of which runs what follows it.
    """
    if below > _MOST_MAGICS or not (_MAGICS.search(source) or source[:1] in " \t\n"):
        return source
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        python = _of_cell_magic(lines[first], "\n".join(lines[first + 1 :]), below)
    else:
        python = _of_ipython("\n".join(lines[first:])).removesuffix("\n")
    return _padded("\n" * first + python, len(lines))


def _of_cell_magic(magic: str, body: str, below: int) -> str:
    if body and (runs := _RUNS_THE_CELL.match(magic)):
        read = _parsed(body, body)
        begin = "" if runs["capture"] is None else f"get_ipython().begin_capture({runs['capture']!r})"
        return f"{begin}\n{body if isinstance(read, ast.Module) else _transformed(body, below + 1)}"
    told = _CELL_MAGIC.match(magic)
    if told is None or _NO_PYTHON.fullmatch(told["name"]):
        return ""
    ended = body if body.endswith("\n") or not body else f"{body}\n"  # as IPython hands it over
    return f"get_ipython().run_cell_magic({told['name']!r}, {told['arguments']!r}, {ended!r})"


def _of_ipython(source: str) -> str:
    """Return what IPython makes of a cell that is no cell magic.

    Only the lines that are magics are given to it one by one, since it takes a second for each in a large cell. Which
    ones those are is seen when statements take their places: in a text, or a bracket, none begins there.
    """
    from IPython.core.inputtransformer2 import TransformerManager  # not needed for a notebook that is plain Python

    manager = TransformerManager()
    lines = source.splitlines(keepends=True)
    try:
        for clean in manager.cleanup_transforms:
            lines = clean(lines)  # type: ignore[operator]  # IPython's list of them has no type
        if isinstance(_parsed("".join(lines), source), ast.Module):
            return "".join(lines)
        spans = list(_magic_spans(lines))
        read = _parsed("".join(_replaced(lines, dict.fromkeys(spans, "pass"))), source)
        if isinstance(read, ast.Module):
            begun = {node.lineno - 1 for node in ast.walk(read) if isinstance(node, ast.Pass)}
            magics = {span: _of_magic("".join(lines[slice(*span)])) for span in spans if span[0] in begun}
            return "".join(_replaced(lines, magics))
        if len(source) * (len(spans) + 1) > _MOST_TO_READ_AGAIN:
            return source
        return str(manager.transform_cell("".join(lines)))
    except Exception:  # it reads tokens of any text, and what it cannot read is no Python either
        return source


def _magic_spans(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the lines that may be magics, each with those in which it goes on: its index, and that behind its end."""
    index = 0
    while index < len(lines):
        first = index
        if _MAGIC_LINE.match(lines[index]):
            while lines[index].endswith("\\\n") and index + 1 < len(lines):
                index += 1
            yield first, index + 1
        index += 1


def _replaced(lines: Sequence[str], by: Mapping[tuple[int, int], str]) -> list[str]:
    """Return the lines with some of them replaced by a statement each, in the same place."""
    result = list(lines)
    for (first, end), statement in by.items():
        indent = result[first][: len(result[first]) - len(result[first].lstrip())]
        result[first:end] = [f"{indent}{statement}\n", *["\n"] * (end - first - 1)]
    return result


@lru_cache(maxsize=256)
def _of_magic(line: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return str(TransformerManager().transform_cell(f"pass\n{line.lstrip()}")).partition("\n")[2].strip()


def _padded(python: str, count: int) -> str:
    """Return a text with as many lines as the cell had."""
    return python + "\n" * max(0, count - python.count("\n") - 1)


def _line(source: str, number: int) -> str:
    lines = source.split("\n", number)
    text = lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
