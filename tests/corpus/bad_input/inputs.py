"""Every kind of bad input, with what it must get."""

import copy
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.report.model import Verdict
from tests.tools.course_folder import CHECKOUT, NAME, cell_of, released

Make = Callable[[Path, NotebookNode], None]
FULL = (4.0, 4.0, 4.0)
NONE = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class BadInput:
    """One kind of bad input.

    Attributes:
        make: writes the submission, given the place of its notebook and a solved notebook that it may change.
        code: of a problem or a hint that must be told; empty when there is nothing to tell.
        points: of the three exercises, or None when it cannot be graded.
        verdict: what is said of the submission as a whole.
    """

    make: Make
    code: str
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


def _encoded(encoding: str, end: str = "\n") -> Make:
    def make(path: Path, notebook: NotebookNode) -> None:
        text = json.dumps(notebook, ensure_ascii=False, indent=1).replace("\n", end)
        path.write_bytes(text.encode(encoding))

    return make


def _windows_lines(path: Path, notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    _encoded("utf-8-sig", "\r\n")(path, notebook)


def _outputs_of(megabytes: int) -> Callable[[NotebookNode], None]:
    def change(notebook: NotebookNode) -> None:
        line = "a line of a long loop\n"
        text = [line] * (megabytes * 1_000_000 // len(line))
        cell_of(notebook, "execute").outputs = [{"output_type": "stream", "name": "stdout", "text": text}]

    return change


def _bare(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata = {}


def _bare_without_ids(notebook: NotebookNode) -> None:
    _bare(notebook)
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


def _other_homework(notebook: NotebookNode) -> None:
    cells = [nbformat.v4.new_markdown_cell("# Homework 3"), nbformat.v4.new_code_cell("import numpy as np")]
    cells[1].metadata = nbformat.from_dict({"nbgrader": {"grade_id": "imports", "locked": True}})
    notebook.cells = cells


def _called(*names: str) -> Make:
    def make(path: Path, notebook: NotebookNode) -> None:
        for name in names:
            path.with_name(name).write_text(json.dumps(notebook), encoding="utf-8")

    return make


def _without_picture(notebook: NotebookNode) -> None:
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("![my sketch](attachment:sketch.png)"))


def _environment_beside(path: Path, notebook: NotebookNode) -> None:
    path.write_text(json.dumps(notebook), encoding="utf-8")
    packages = path.parent / ".venv" / "lib" / "site-packages"
    packages.mkdir(parents=True)
    for number in range(3000):
        (packages / f"module_{number}.py").touch()
    (path.parent / ".venv" / "lib64").symlink_to("lib")
    (path.parent / ".venv" / "python").symlink_to("/usr/bin/python3")
    (path.parent / "timestamp.txt").write_text("2030-12-31 23:59:00 UTC")


def _split(notebook: NotebookNode) -> None:
    first = cell_of(notebook, "server_handler")
    above, below = first.source.split("class P2PController", 1)
    second = copy.deepcopy(first)
    first.source, second.source, second.id = above, f"class P2PController{below}", "second-half"
    notebook.cells.insert(notebook.cells.index(first) + 1, second)


def _below_its_check(notebook: NotebookNode) -> None:
    answer = nbformat.v4.new_code_cell(cell_of(notebook, "execute").source)
    cell_of(notebook, "execute").source = cell_of(released(CHECKOUT), "execute").source
    notebook.cells.insert(notebook.cells.index(cell_of(notebook, "test_execute")) + 1, answer)


def _of_databricks(notebook: NotebookNode) -> None:
    _bare_without_ids(notebook)
    notebook.nbformat_minor = 0
    notebook.metadata = {"application/vnd.databricks.v1+notebook": {"language": "python"}, "language_info": {}}
    for number, cell in enumerate(notebook.cells):
        cell.metadata = {"application/vnd.databricks.v1+cell": {"nuid": f"cell-{number}", "showTitle": False}}


def _with_merge_marks(path: Path, notebook: NotebookNode) -> None:
    lines = json.dumps(notebook, indent=1).split("\n")
    path.write_text("\n".join([*lines[:20], "<<<<<<< HEAD", *lines[20:30], "=======", ">>>>>>> main", *lines[30:]]))


_OWN_MAGIC = """%load_ext autoreload
%autoreload 2
!pip install nvflare
%matplotlib inline
from IPython.core.magic import register_cell_magic

@register_cell_magic
def add_to(line, cell):
    found = {}
    exec(cell, globals(), found)
    for name, value in found.items():
        setattr(globals()[line.strip()], name, value)
"""


def _magics(notebook: NotebookNode) -> None:
    """A method that a magic of the student's own adds to a class; a module that is written twice; a timed answer."""
    handler = cell_of(notebook, "handle_event")
    above, below = handler.source.split("    def handle_event", 1)
    handler.source = f"{above}    pass"
    method = f"%%add_to P2PExecutor\ndef handle_event{textwrap.dedent(f'    {below}')}"
    twice = ["%%writefile texts.py\nTOPIC = 'hallo'", "import texts", "%%writefile texts.py\nTOPIC = 'hello'"]
    last = "import importlib\nTOPIC = importlib.reload(texts).TOPIC"
    server = cell_of(notebook, "server_handler")
    server.source = f"%%time\n{server.source}"
    for index, sources in ((notebook.cells.index(handler), [_OWN_MAGIC, *twice, last]), (-1, [method])):
        at = index if index >= 0 else notebook.cells.index(handler) + 1
        notebook.cells[at:at] = [nbformat.v4.new_code_cell(source) for source in sources]


_NO_EXECUTE = (0.0, 4.0, 4.0)
_NO_HANDLER = (4.0, 0.0, 4.0)

INPUTS: dict[str, BadInput] = {
    "solved": BadInput(_edited(_nothing_of), "", FULL),
    "empty_file": BadInput(_text(""), "file.not_json", None),
    "not_json": BadInput(_text("PK\x03\x04 this is a zip file"), "file.not_json", None),
    "nested_json": BadInput(_text("[" * 100_000), "file.too_deep", None),
    "not_a_notebook": BadInput(_text('{"answer": 42}'), "file.no_notebook", None),
    "no_cells": BadInput(_text('{"nbformat": 4, "cells": 7}'), "file.no_cells", None),
    "old_format": BadInput(_old_format, "file.old_format", FULL),
    "ancient_format": BadInput(_ancient_format, "file.other_format", None),
    "solution_missing": BadInput(_delete("execute"), "solution.deleted", _NO_EXECUTE),
    "solution_twice": BadInput(_edited(_duplicate), "", FULL),
    "solution_renamed": BadInput(_edited(_rename), "cells.without_names", FULL),
    "solution_empty": BadInput(_set("handle_event", source="\n"), "solution.empty", _NO_HANDLER),
    "solution_as_text": BadInput(_edited(_to_text), "solution.turned_into_text", _NO_HANDLER),
    "check_edited": BadInput(_set("test_execute", source="4.0"), "check_cell.changed", FULL),
    "check_deleted": BadInput(_delete("test_handle_event"), "check_cell.deleted", FULL),
    "checks_as_text": BadInput(_edited(_check_cells_to_text), "check_cell.changed", FULL),
    "metadata_changed": BadInput(_edited(_tamper), "check_cell.changed", _NO_EXECUTE),
    "outputs_claimed": BadInput(_edited(_claim), "start.failed", _NO_EXECUTE),
    "syntax_error": BadInput(
        _set("execute", source="class TalkingExecutor(Executor)\n    pass"),
        "class.unreadable",
        _NO_EXECUTE,
    ),
    "no_such_package": BadInput(
        _set("execute", source="import not_installed\n\n\nclass TalkingExecutor(not_installed.Executor):\n    pass"),
        "load.no_package",
        _NO_EXECUTE,
    ),
    "other_name": BadInput(_text("{}", "Untitled.ipynb"), "file.other_name", None),
    "empty_folder": BadInput(lambda path, notebook: None, "file.none", None),
    "two_notebooks": BadInput(_two, "file.left_aside", FULL),
    "huge": BadInput(_huge, "file.too_much", None),
    "tags": BadInput(_edited(_tags), "cells.tags", FULL),
    "no_folder": BadInput(_no_folder, "folder.unreadable", None),
    "a_link": BadInput(_link, "file.link", None),
    "utf_8_with_mark": BadInput(_encoded("utf-8-sig"), "", FULL),
    "utf_16": BadInput(_encoded("utf-16"), "", FULL),
    "utf_32": BadInput(_encoded("utf-32"), "", FULL),
    "windows_lines": BadInput(_windows_lines, "", FULL),
    "outputs_of_14_mb": BadInput(_edited(_outputs_of(14)), "", FULL),
    "outputs_of_60_mb": BadInput(_edited(_outputs_of(60)), "", FULL),
    "metadata_gone": BadInput(_edited(_bare), "cells.without_names", FULL),
    "metadata_and_ids_gone": BadInput(_edited(_bare_without_ids), "cells.without_names", FULL),
    "other_homework": BadInput(_edited(_other_homework), "notebook.other", None),
    "name_of_a_download": BadInput(_called(f"{NAME} (2).ipynb"), "file.other_name_taken", FULL),
    "name_of_a_copy": BadInput(_called(f"{NAME}-Copy1.ipynb"), "file.other_name_taken", FULL),
    "name_as_text": BadInput(_called(f"{NAME}.ipynb.txt"), "file.other_name_taken", FULL),
    "name_in_capitals": BadInput(_called(f"{NAME.upper()}.IPYNB.json"), "file.other_name_taken", FULL),
    "names_of_two_copies": BadInput(_called(f"{NAME} (1).ipynb", f"{NAME} (2).ipynb"), "file.other_name", None),
    "picture_missing": BadInput(_edited(_without_picture), "", FULL),
    "environment_beside": BadInput(_environment_beside, "", FULL),
    "solution_split": BadInput(_edited(_split), "", FULL),
    "answer_below_its_check": BadInput(_edited(_below_its_check), "exercise.below_its_check", _NO_EXECUTE),
    "of_databricks": BadInput(_edited(_of_databricks), "cells.without_names", FULL),
    "merge_marks": BadInput(_with_merge_marks, "file.git_conflict", None),
    "magics": BadInput(_edited(_magics), "", FULL),
    "newer_syntax": BadInput(
        _set("execute", source="def f(x):\n    return x\n\n\nclass A[T]:\n    type = = T"),
        "class.unreadable",
        _NO_EXECUTE,
    ),
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
