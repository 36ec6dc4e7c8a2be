"""What must not be in a release: solutions, hidden material, outputs, traces of the instructor."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.release.fault import Fault
from autograder.submission.definitions import Unreadable, parse
from autograder.submission.percent import read_parts

_HIDDEN = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
_PERSONAL = re.compile(r"(?:/home/|/root/|/Users/|[A-Z]:\\Users\\)\S*")
_CELL_KEYS = {"nbgrader", "deletable", "editable"}
_NOTEBOOK_KEYS = {"kernelspec", "language_info"}
_DISTINCTIVE = 40
"""Characters. Shorter statements, such as ``return reply``, may stand in any program."""

Notebook = dict[str, Any]


def solution_text(notebook: Notebook, files: list[Path], solutions: Path, stubs: str) -> Iterator[Fault]:
    """A fault for each distinctive statement of the solutions that the notebook or another file of the release holds.

    A statement is compared as Python reads it, whatever its layout. It is distinctive when it is not in the stubs and
    given cells as well, and long enough not to be a coincidence.

    Args:
        stubs: the code that students are meant to get.
    """
    secret = _statements_of_parts(solutions) - _statements(stubs)
    texts = [(f"cell {_name(cell)}", _source(cell)) for cell in notebook["cells"]]
    texts += [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in files]
    for where, text in texts:
        flat = _flat(text)
        for statement in sorted(secret):
            if statement in _statements(text) or _flat(statement) in flat:
                yield Fault(where, f"It holds solution text: {statement[:100]}", "Take it out of source/.")
                break


def hidden_material(notebook: Notebook) -> Iterator[Fault]:
    """A fault for each cell with a marker of something that students must not see."""
    for cell in notebook["cells"]:
        if match := _HIDDEN.search(_source(cell)):
            yield Fault(f"cell {_name(cell)}", f"It holds the marker {match.group()!r}.", "Take it out of source/.")


def outputs(notebook: Notebook) -> Iterator[Fault]:
    """A fault for each cell that was run."""
    for cell in notebook["cells"]:
        if cell.get("outputs") or cell.get("execution_count") is not None or cell.get("attachments"):
            yield Fault(f"cell {_name(cell)}", "It has outputs, a count or attachments.", "Clear them in source/.")


def instructor_metadata(notebook: Notebook, files: list[Path]) -> Iterator[Fault]:
    """A fault for each unexpected key of metadata, and for each path of somebody's home folder."""
    for key in sorted(notebook["metadata"].keys() - _NOTEBOOK_KEYS):
        yield Fault("the notebook", f"Its metadata has {key!r}.", "Take it out of the metadata in source/.")
    for cell in notebook["cells"]:
        for key in sorted(cell["metadata"].keys() - _CELL_KEYS):
            yield Fault(f"cell {_name(cell)}", f"Its metadata has {key!r}.", "Take it out of the metadata in source/.")
    texts = [("the notebook", str(notebook))]
    texts += [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in files]
    for where, text in texts:
        if match := _PERSONAL.search(text):
            yield Fault(where, f"It names a path of somebody's: {match.group()[:80]}", "Take it out of source/.")


def _statements_of_parts(solutions: Path) -> set[str]:
    found: set[str] = set()
    for path in sorted(solutions.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for part in [cell.source for cell in read_parts(text)] or [text]:
            found |= _statements(part)
    return found


def _statements(text: str) -> set[str]:
    """The distinctive statements of a code, each in one form."""
    tree = parse(text)
    if isinstance(tree, Unreadable):
        return set()
    simple = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return, ast.Raise)
    found = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, simple) and not _is_docstring(node)}
    found |= {f"if {ast.unparse(node.test)}:" for node in ast.walk(tree) if isinstance(node, ast.If)}
    return {statement for statement in found if len(statement) >= _DISTINCTIVE}


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _flat(text: str) -> str:
    return re.sub(r"[\s'\"]+", "", text)


def _name(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id") or cell.get("id"))


def _source(cell: dict[str, Any]) -> str:
    return str(cell["source"])
