"""Docstrings of functions begin with a verb; those of classes say first what the thing is or does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
QUESTIONS = {"what", "whatever", "whether", "which", "where", "who", "whoever", "whose", "how", "why", "when"}
PREPOSITIONS = {"of", "from", "with", "for", "in", "on", "at", "as"}
TURNED_ROUND = QUESTIONS | PREPOSITIONS | {"if", "all", "one", "those", "such", "nothing", "none", "no"}
NO_VERBS = TURNED_ROUND | {"the", "a", "an", "this", "that", "these", "it", "its", "each", "every", "and", "first"}


def turned_round(source: str) -> Iterator[str]:
    """Yield the names of functions and classes whose docstring begins with the wrong word."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            words = (ast.get_docstring(node) or "Say").split()
            wrong = TURNED_ROUND if isinstance(node, ast.ClassDef) else NO_VERBS
            if words[0].strip(".,:;`*").lower() in wrong:
                yield node.name


@pytest.mark.parametrize(
    "words", ["Whether it is so.", "Of two the first.", "The first of two.", "None, if not.", "What is."]
)
def test_a_docstring_of_a_function_that_begins_with_no_verb_is_found(words: str) -> None:
    assert list(turned_round(f'def f():\n    """{words}"""')) == ["f"]
    assert list(turned_round('def f():\n    """Return what is there."""\nclass A:\n    """The first of two."""')) == []
    assert list(turned_round('class A:\n    """What is there."""')) == ["A"]


def test_no_docstring_is_turned_round() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert {path.name: found for path, source in sources.items() if (found := list(turned_round(source)))} == {}
