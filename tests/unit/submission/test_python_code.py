"""Cells as Python: line for line, in little time, and without an exception, whatever they hold."""

import ast
import gc
import itertools
import random
import sys
import time
from collections.abc import Callable
from functools import partial

import pytest

from autograder.submission.model import Cell
from autograder.submission.program import Program
from autograder.submission.python_code import MOST_CODE, Unreadable, parse, python_of

_STATEMENTS = 20_000
_MOST_SECONDS = 6.0
"""Of CPU. It takes less than one; machines on which tests run are slow, and share what they have."""


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("x = 1", "x = 1"),
        ("x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
        ("  x = 1\n  if x:\n    y = 2", "x = 1\nif x:\n  y = 2"),
        (">>> x = 1\n>>> x\n", "x = 1\nx\n"),
        ("In [1]: x = 1\n   ...: y = 2", "x = 1\ny = 2"),
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%time\nx = 1", "\n\nx = 1"),
        ("%%html\n<b>\n", "\n\n"),
        ("%%capture x\ny = 1", "get_ipython().begin_capture('x')\ny = 1"),
        ("%%own a b\nx\ny", "get_ipython().run_cell_magic('own', 'a b', 'x\\ny\\n')\n\n"),
        ("x = 1\n!ls\\\n -l\ny = 2", "x = 1\nget_ipython().system('ls  -l')\n\ny = 2"),
        ("if 1:\n    %who\nx = 1", "if 1:\n    get_ipython().run_line_magic('who', '')\nx = 1"),
        (
            "x = '''\n%d\n!no\nis it?\n'''\n%who",
            "x = '''\n%d\n!no\nis it?\n'''\nget_ipython().run_line_magic('who', '')",
        ),
        ("x = (7\n% 4)\n%who", "x = (7\n% 4)\nget_ipython().run_line_magic('who', '')"),
        ("# is it?\nx = 1  # really?\nx?", "# is it?\nx = 1  # really?\nget_ipython().run_line_magic('pinfo', 'x')"),
        ("f'{1=!r}'\nx = !ls", "f'{1=!r}'\nx = get_ipython().getoutput('ls')"),
    ],
)
def test_a_cell_is_what_ipython_makes_of_it(source: str, python: str) -> None:
    assert python_of(source) == python


_LINES = (
    "x = 1",
    "  y = 2",
    "%who",
    "!ls",
    "x = !ls",
    "x?",
    "'''",
    "(",
    ")",
    "%%time",
    ">>> z",
    "\\",
    "",
    "# ?",
    "def f():",
)


@pytest.mark.parametrize("seed", range(300))
def test_any_lines_keep_their_places(seed: int) -> None:
    chance = random.Random(seed)
    source = "\n".join(chance.choice(_LINES) for _ in range(chance.randint(1, 9)))
    python = python_of(source)
    if isinstance(python, Unreadable):
        assert 1 <= python.line <= source.count("\n") + 1
        assert python.message
    else:
        assert python.count("\n") == source.count("\n")
        assert isinstance(parse(source), ast.Module)


def many(text: str) -> Callable[[], list[str]]:
    return lambda: [text * (200_000 // len(text))]


LARGE: dict[str, Callable[[], list[str]]] = {
    "statements": lambda: ["x=x\n" * _STATEMENTS],
    "statements on one line": lambda: ["x=x;" * _STATEMENTS],
    "cells": lambda: ["x=x"] * _STATEMENTS,
    "cells that are no Python": lambda: [f"x = = {number}" for number in range(2_000)],
    "functions": many("def f(a, b=1):\n    '''What it does.'''\n    return a + b\n"),
    "one long line": lambda: [f"x = [{'1, ' * 66_000}]"],
    "one long text": lambda: ["x = '''" + "a line\n" * 28_000 + "'''"],
    "a magic above": lambda: ["%load_ext autoreload\n" + "x=x\n" * _STATEMENTS],
    "magics": many("%time x = 1\n"),
    "questions": many("print?\n"),
    "programs in blocks": many("if x:\n    y = !ls\n"),
    "prompts": many(">>> x=x\n"),
    "an indented cell": many("    x=x\n"),
    "signs that may be magics": many("x = 5 % 3 != 2  # right?\n"),
    "the same, and no Python": lambda: ["x = 5 % 3 != 2  # right?\n" * 8_000 + "%who\nx = = 1"],
    "a timed cell": lambda: ["%%time\n" + "x=x\n" * _STATEMENTS],
    "a file that is written": lambda: ["%%writefile m.py\n" + "x=x\n" * _STATEMENTS],
}


@pytest.mark.parametrize("name", LARGE)
def test_much_code_is_read_in_little_time(name: str) -> None:
    cells = [Cell(None, source) for source in LARGE[name]()]
    assert seconds(lambda: Program.of(cells, len(cells) // 2, ("NowhereToBeFound",))) < _MOST_SECONDS


@pytest.mark.parametrize("name", ["questions", "magics"])
def test_reading_a_large_cell_takes_little_more_than_parsing_what_it_becomes(name: str) -> None:
    (source,) = LARGE[name]()
    python = python_of(source)
    assert isinstance(python, str)

    gc.collect()
    gc.disable()
    try:
        parsing = min(seconds(lambda: ast.parse(python)) for _ in range(3))
    finally:
        gc.enable()
    unread = [Cell(None, source.split("\n", lines)[-1]) for lines in (1, 2, 3)]
    reading = min(seconds(partial(Program.of, [cell], 0, ("NowhereToBeFound",))) for cell in unread)
    assert reading < 5 * parsing


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.parametrize("line", ["x=x\n", "%time x = 1\n", "print?\n", ">>> x=x\n", "    x=x\n", "x = !ls\n"])
def test_the_work_grows_like_the_code(line: str) -> None:
    calls(line * 9)  # imports what it needs
    assert calls(line * 2_000) < 5 * calls(line * 500)


def calls(source: str) -> int:
    """Count the calls that reading a cell takes."""
    count = itertools.count()
    sys.setprofile(lambda *_: next(count))
    try:
        Program.of([Cell(None, source)])
    finally:
        sys.setprofile(None)
    return next(count)


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 90_000,
        "x = " + "(" * 150 + ")" * 150,
        "x = " + "-" * 90_000 + "1",
        "x = " + "1+" * 90_000 + "1",
        "x = " + "f(" * 80 + ")" * 80,
        "if x:\n" + "".join(" " * depth + "if x:\n" for depth in range(1, 300)),
        "x" + ".x" * 90_000,
        "lambda: " * 5_000 + "1",
        "%time " * 5_000,
        "x = '\ud800'",
        "x = '\x00'",
        "x = " + "9" * 5_000,
        "\x0c\x0b\x1c",
        "%%",
        "%",
        "%%writefile",
        "%%capture 'x\ny = 1",
        ">>> ",
        "In [1]: ",
        "?",
        "x = %",
        "x" * (MOST_CODE + 1),
    ],
    ids=lambda source: ascii(source[:12]),
)
def test_nothing_that_a_cell_holds_raises(source: str) -> None:
    for text in (source, f"%who\n{source}", f"  {source}", f"%%time\n{source}"):
        python = python_of(text)
        assert isinstance(python, str | Unreadable)
        Program.of([Cell(None, text), Cell(None, "x = 1")], 1, ("A",))


def test_cell_magics_below_each_other_are_looked_through_up_to_a_number() -> None:
    assert python_of("%%time\n" * 5 + "x = 1") == "\n" * 5 + "x = 1"
    assert isinstance(python_of("%%time\n" * 5_000 + "x = 1"), Unreadable)
