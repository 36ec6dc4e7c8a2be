"""The tools that a command starts: each can be loaded. What they call is up to mypy."""

import ast
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.tools.course_folder import CHECKOUT

COMMANDS = "".join((CHECKOUT.root / name).read_text(encoding="utf-8") for name in ("Makefile", "CONTRIBUTING.md"))
TOOLS = sorted(set(re.findall(r"-m (tests(?:\.\w+)+)", COMMANDS)))


def test_they_are_found() -> None:
    assert {"tests.authoring", "tests.tools.bench", "tests.tools.interop", "tests.services.monday"} <= set(TOOLS)


@pytest.mark.parametrize("name", TOOLS)
def test_it_loads_and_begins_only_when_it_is_started(name: str) -> None:
    is_package = (CHECKOUT.root / name.replace(".", "/")).is_dir()
    spec = find_spec(f"{name}.__main__" if is_package else name)
    assert spec and spec.origin
    *_, last = ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body
    assert isinstance(last, ast.If) and ast.unparse(last.test) == "__name__ == '__main__'"
    import_module(spec.name)
