"""Finds what must not be in a release besides solutions: hidden material, outputs, attempts, traces of people."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course import ATTEMPTS_SUFFIX
from autograder.release.fault import Fault
from autograder.release.notebook_file import name_of
from autograder.release.pin import PINNED

_HIDDEN = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
_PERSONAL = re.compile(r"(?:/home/|/root/|/Users/|[A-Z]:\\Users\\)\S*")
_CELL_KEYS = {"nbgrader", "deletable", "editable", "tags", "slideshow"}
"""The metadata that nbgrader, editors and slides read. Tags and slides are an author's own: students may see them."""
_NBGRADER_KEYS = {
    *("cell_type", "checksum", "grade", "grade_id", "locked", "points", "schema_version", "solution", "task"),
}
"""The metadata that nbgrader itself reads when it grades."""

Notebook = dict[str, Any]


def hidden_material(notebook: Notebook) -> Iterator[Fault]:
    """Yield a fault for each cell with a marker of something that students must not see."""
    for cell in notebook["cells"]:
        if match := _HIDDEN.search(_source(cell)):
            yield Fault(f"cell {name_of(cell)}", "cell.marker", {"marker": match.group()})


def outputs(notebook: Notebook) -> Iterator[Fault]:
    """Yield a fault for each cell that was run."""
    for cell in notebook["cells"]:
        if cell.get("outputs") or cell.get("execution_count") is not None or cell.get("attachments"):
            yield Fault(f"cell {name_of(cell)}", "cell.outputs")


def instructor_metadata(notebook: Notebook, files: list[Path]) -> Iterator[Fault]:
    """Yield a fault for each unexpected key or value of metadata, and for each path of somebody's home folder."""
    for key in sorted(notebook["metadata"].keys() | PINNED.keys()):
        if notebook["metadata"].get(key) != PINNED.get(key):
            yield Fault("the notebook", "notebook.metadata", {"key": key})
    for cell in notebook["cells"]:
        unknown = cell["metadata"].keys() - _CELL_KEYS
        unknown |= cell["metadata"].get("nbgrader", {}).keys() - _NBGRADER_KEYS
        for key in sorted(unknown):
            yield Fault(f"cell {name_of(cell)}", "cell.metadata", {"key": key})
    texts = [(f"cell {name_of(cell)}", _source(cell)) for cell in notebook["cells"]]
    texts += [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in files]
    for where, text in texts:
        if match := _PERSONAL.search(text):
            yield Fault(where, "cell.personal_path", {"path": match.group()[:80]})


def attempts(files: list[Path]) -> Iterator[Fault]:
    """Yield a fault for each file in which a notebook keeps what somebody has tried."""
    for path in files:
        if path.name.endswith(ATTEMPTS_SUFFIX):
            yield Fault(path.name, "attempts.there")


def _source(cell: dict[str, Any]) -> str:
    return str(cell["source"])
