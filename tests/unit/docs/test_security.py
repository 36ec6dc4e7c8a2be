"""Each promise of the security page is proved by something that is there, and each hostile submission proves one."""

import ast
import re
from pathlib import Path

import pytest

from tests.corpus.hostile import load_all

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
HOSTILE = {one.name for one in load_all()}

_NAMED = re.compile(r"`([^`]+)`")


def promises() -> dict[str, tuple[list[str], list[str]]]:
    """Read the table: each promise with the hostile submissions, and the modules of tests, that are named for it."""
    section = PAGE.partition("## Promises, and what proves each\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")][2:]
    return {promise.strip(): (_NAMED.findall(hostile), _NAMED.findall(tests)) for promise, hostile, tests in rows}


def test_there_are_promises() -> None:
    assert len(promises()) > 20


@pytest.mark.parametrize("promise", promises())
def test_each_promise_is_proved_by_something_that_is_there(promise: str) -> None:
    hostile, tests = promises()[promise]

    assert hostile or tests
    assert set(hostile) <= HOSTILE
    for module in tests:
        nodes = ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8")))
        names = [node.name for node in nodes if isinstance(node, ast.FunctionDef)]
        assert any(name.startswith("test_") for name in names), f"{module} has no test"


def test_each_hostile_submission_stands_for_a_promise() -> None:
    assert {name for hostile, _ in promises().values() for name in hostile} == HOSTILE
