"""The core knows no assignment: it imports none, and holds no word of one, in comments and docstrings neither.

Only the assignments, and the skeleton from which an author begins, speak of a protocol.
"""

import ast
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
from autograder import assignments

PACKAGE = Path(autograder.__file__).parent
APART = ("assignments", "scaffold/skeleton")
MODULES = sorted(module.name for module in pkgutil.iter_modules(assignments.__path__))
CLASSES = sorted({name for module in MODULES for one in assignments.load(module).exercises for name in one.classes})
WORDS = ["hellos?", "talk", "Received message", r"site-\d", "SimpleController", *CLASSES, *MODULES]
WORDS += [r"'message':", r"f[\"']from \{\w+\}[\"']"]  # a key of the data, and a piece of the text
WORD = re.compile(rf"(?<![\w-])({'|'.join(WORDS)})(?![\w-])", re.IGNORECASE)


def core() -> list[Path]:
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    names = (path.relative_to(PACKAGE).as_posix() for path in files)
    return [PACKAGE / name for name in sorted(names) if not name.startswith(tuple(f"{part}/" for part in APART))]


def words_in(text: str) -> list[str]:
    return [found[0] for found in WORD.finditer(text)]


def imported(source: str) -> Iterator[str]:
    """Yield the modules that a source imports, with what it takes from them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def of_an_assignment(source: str) -> list[str]:
    return [name for name in imported(source) if re.search(rf"\bassignments\.({'|'.join(MODULES)})\b", name)]


@pytest.mark.parametrize(
    "text", ["A hello.", "hellos", "to talk", "'site-0'", "Received message from", *CLASSES, *MODULES]
)
def test_words_of_an_assignment_are_found(text: str) -> None:
    assert words_in(text)


@pytest.mark.parametrize("source", ['if f"from {name}" in line:', "if \"'message':\" in line:"])
def test_literals_that_fit_one_protocol_only_are_found(source: str) -> None:
    assert words_in(source)


@pytest.mark.parametrize("text", ["Othello", "talked to", "on-site-0", "a website", "Received messages"])
def test_other_words_are_none(text: str) -> None:
    assert not words_in(text)


def test_the_core_holds_no_word_of_an_assignment() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{number}": words
        for path in core()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (words := words_in(line))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "from autograder.assignments import p2p_communication",
        "import autograder.assignments.p2p_communication",
        "from autograder.assignments.p2p_communication import ASSIGNMENT",
        "from .assignments.p2p_communication import ASSIGNMENT",
    ],
)
def test_an_import_of_an_assignment_is_found(source: str) -> None:
    assert of_an_assignment(source)


def test_the_core_imports_no_assignment() -> None:
    modules = [path for path in core() if path.suffix == ".py"]
    assert len(modules) > 100
    assert not {path.name: found for path in modules if (found := of_an_assignment(path.read_text(encoding="utf-8")))}
