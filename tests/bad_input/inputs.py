"""Every kind of bad input, with what it must get."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.report.model import Verdict
from tests.course_folder import NAME, cell_of

Make = Callable[[Path, NotebookNode], None]
FULL = (4.0, 4.0, 4.0)
NONE = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class BadInput:
    """One kind of bad input.

    Attributes:
        make: writes the submission, given the place of its notebook and a solved notebook that it may change.
        message: a part of what must be told, as a problem or as a hint; empty when there is nothing to tell.
        points: of the three exercises, or None when it cannot be graded.
        verdict: what is said of the submission as a whole.
    """

    make: Make
    message: str
    points: tuple[float, float, float] | None

    @property
    def verdict(self) -> Verdict:
        if self.points is None:
            return Verdict.NOT_GRADABLE
        return Verdict.PASSED if self.points == FULL else Verdict.NOT_PASSED


def _text(text: str, name: str = f"{NAME}.ipynb") -> Make:
    return lambda path, _: _nothing_of(path.with_name(name).write_text(text, encoding="utf-8"))


def _nothing_of(_: object) -> None:
    """Forget what a call returns."""


def _edited(change: Callable[[NotebookNode], object]) -> Make:
    def make(path: Path, notebook: NotebookNode) -> None:
        change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return make


def _old_format(path: Path, notebook: NotebookNode) -> None:
    nbformat.write(nbformat.convert(notebook, 3), path, version=3)


def _ancient_format(path: Path, notebook: NotebookNode) -> None:
    path.write_text(json.dumps({"nbformat": 17, "metadata": {}, "cells": []}), encoding="utf-8")


def _delete(grade_id: str) -> Make:
    return _edited(lambda notebook: notebook.cells.remove(cell_of(notebook, grade_id)))


def _duplicate(notebook: NotebookNode) -> None:
    twin = copy.deepcopy(cell_of(notebook, "handle_event"))
    twin.id = "twin"
    original = cell_of(notebook, "handle_event")
    original.source = "class P2PExecutor(TalkingExecutor):\n    pass"
    notebook.cells.insert(notebook.cells.index(original) + 1, twin)


def _set(grade_id: str, **values: object) -> Make:
    return _edited(lambda notebook: cell_of(notebook, grade_id).update(values))


def _rename(notebook: NotebookNode) -> None:
    cell_of(notebook, "server_handler").metadata.nbgrader.grade_id = "my_server_handler"


def _to_text(notebook: NotebookNode) -> None:
    cell = cell_of(notebook, "handle_event")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]


def _tamper(notebook: NotebookNode) -> None:
    told = cell_of(notebook, "test_execute").metadata.nbgrader
    told.points, told.grade, told.solution, told.locked = 400, False, True, False
    cell_of(notebook, "test_handle_event").metadata.nbgrader.schema_version = 1
    cell_of(notebook, "execute").source = "class TalkingExecutor(Executor):\n    pass"
    cell_of(notebook, "execute").metadata.nbgrader.update(grade=True, points=50)


def _claim(notebook: NotebookNode) -> None:
    """Outputs that say full marks, for an exercise that was left out."""
    cell_of(notebook, "execute").source = "class TalkingExecutor(Executor):\n    pass"
    result = nbformat.v4.new_output("execute_result", {"text/plain": "4.0"}, execution_count=1)
    cell_of(notebook, "test_execute").outputs = [result]


def _tags(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution"]


def _check_cells_to_text(notebook: NotebookNode) -> None:
    for name in ("test_execute", "test_server_handler"):
        cell = cell_of(notebook, name)
        cell.cell_type = "markdown"
        del cell["outputs"], cell["execution_count"]


def _two(path: Path, notebook: NotebookNode) -> None:
    nbformat.write(notebook, path)
    path.with_name("copy of it.ipynb").write_text("{}")


def _huge(path: Path, notebook: NotebookNode) -> None:
    notebook.cells[-1]["attachments" if notebook.cells[-1].cell_type == "markdown" else "source"] = "x" * (50 << 20)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _no_folder(path: Path, _: NotebookNode) -> None:
    path.parent.rmdir()
    path.parent.write_text("this should be a folder")


def _link(path: Path, _: NotebookNode) -> None:
    path.symlink_to("/etc/passwd")


_NO_EXECUTE = (0.0, 4.0, 4.0)
_NO_HANDLER = (4.0, 0.0, 4.0)
_NO_SERVER = (4.0, 4.0, 0.0)

INPUTS: dict[str, BadInput] = {
    "solved": BadInput(_edited(_nothing_of), "", FULL),
    "empty_file": BadInput(_text(""), "is not JSON", None),
    "not_json": BadInput(_text("PK\x03\x04 this is a zip file"), "is not JSON", None),
    "nested_json": BadInput(_text("[" * 100_000), "nested too deeply", None),
    "not_a_notebook": BadInput(_text('{"answer": 42}'), "is JSON, but no notebook", None),
    "no_cells": BadInput(_text('{"nbformat": 4, "cells": 7}'), "without a list of cells", None),
    "old_format": BadInput(_old_format, "", FULL),
    "ancient_format": BadInput(_ancient_format, "cannot be converted", None),
    "solution_missing": BadInput(_delete("execute"), "`execute` is not in the notebook", _NO_EXECUTE),
    "solution_twice": BadInput(_edited(_duplicate), "There are 2 solution cells `handle_event`", FULL),
    "solution_renamed": BadInput(_edited(_rename), "`server_handler` is not in the notebook", _NO_SERVER),
    "solution_empty": BadInput(_set("handle_event", source="\n"), "`handle_event` is empty", _NO_HANDLER),
    "solution_as_text": BadInput(_edited(_to_text), "`handle_event` was turned into text", _NO_HANDLER),
    "check_edited": BadInput(_set("test_execute", source="4.0"), "", FULL),
    "check_deleted": BadInput(_delete("test_handle_event"), "`test_handle_event` was deleted", FULL),
    "checks_as_text": BadInput(_edited(_check_cells_to_text), "", FULL),
    "metadata_changed": BadInput(_edited(_tamper), "", _NO_EXECUTE),
    "outputs_claimed": BadInput(_edited(_claim), "", _NO_EXECUTE),
    "syntax_error": BadInput(
        _set("execute", source="class TalkingExecutor(Executor)\n    pass"),
        "cannot read the solution cell `execute`",
        _NO_EXECUTE,
    ),
    "no_such_package": BadInput(
        _set("execute", source="import not_installed\n\n\nclass TalkingExecutor(not_installed.Executor):\n    pass"),
        "not_installed",
        _NO_EXECUTE,
    ),
    "other_name": BadInput(_text("{}", "Untitled.ipynb"), "Rename the right one", None),
    "empty_folder": BadInput(lambda path, notebook: None, "There is no notebook", None),
    "two_notebooks": BadInput(_two, "more notebooks in the folder", FULL),
    "huge": BadInput(_huge, "are not opened", None),
    "tags": BadInput(_edited(_tags), "skip-execution", FULL),
    "no_folder": BadInput(_no_folder, "cannot be read", None),
    "a_link": BadInput(_link, "is a link", None),
}
"""By the id of the student who hands it in."""

UNUSUAL_IDS = (
    "with space",
    "Зоя-Ünïcode-学生",
    "[brackets]*?",
    "a+b",
    "-dash",
    "--force",
    "o'quote\"",
    "{braces}",
    "%41&<b>",
    "l" * 200,
)
"""Of students who hand in the notebook as it was released."""
