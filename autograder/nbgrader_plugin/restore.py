"""Puts a submitted notebook in order before nbgrader looks at it, so that nothing in it can upset or fool nbgrader.

nbgrader trusts what a notebook says of its own cells. Measured with 0.9.6: a check cell whose ``grade`` flag was
switched off is never scored, one whose ``solution`` flag was switched on ends in "Inconsistent checksums", metadata of
an older schema ends the command for the whole class, and its own way of adding deleted check cells fails when the cell
before them is gone as well. So every cell is built anew here from its type and its text, and what nbgrader has to know
about the course's cells comes from the gradebook.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from nbgrader.api import Gradebook, Notebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import assignments
from autograder.course import Course
from autograder.nbgrader_plugin.attachments import pictures
from autograder.nbgrader_plugin.ownership import claim
from autograder.submission.released import ReleasedCell, grade_id_of, recognised, released_cells, source_of

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
RESTORED = "autograder_restored"
"""The key in the metadata of a cell that was not in the submission."""

_MAKERS: dict[str, Callable[[str], NotebookNode]] = {"code": new_code_cell, "markdown": new_markdown_cell}


@dataclass(frozen=True)
class CourseCell:
    """A cell of the course as the gradebook knows it.

    Attributes:
        metadata: the cell's nbgrader metadata as it has to be.
    """

    name: str
    cell_type: str
    source: str
    metadata: dict[str, Any]


class RestoreCells(NbGraderPreprocessor):
    """Has to be the first of ``c.Autograde.sanitize_preprocessors``."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Build the notebook anew. Notebooks of assignments that are not the autograder's stay as they are.

        Raises:
            CourseError: when the gradebook is another course folder's.
        """
        told = resources["nbgrader"]
        if told["assignment"] not in assignments.names():
            return nb, resources
        course = Course.find()  # nbgrader works in the course folder
        claim(told["db_url"], course)
        assignment = assignments.load(told["assignment"])
        released = released_cells(course, assignment.name)
        after = {exercise.check_cell: exercise.name for exercise in assignment.exercises}
        with Gradebook(told["db_url"]) as gradebook:
            known = course_cells(gradebook.find_notebook(told["notebook"], told["assignment"]))
        nb.cells = restored(nb.cells, known, after, released)
        nb.metadata = NotebookNode({"language_info": NotebookNode({"name": "python"})})
        return nb, resources


def course_cells(notebook: Notebook) -> dict[str, CourseCell]:
    """Return the course's cells of a notebook, by their ``grade_id``."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    found = {}
    for cell in notebook.source_cells:
        metadata = {
            "grade_id": cell.name,
            "grade": cell.name in points,
            "solution": cell.name in solutions,
            "locked": bool(cell.locked),
            "task": cell.name in tasks,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "schema_version": 3,
        }
        if cell.name in points or cell.name in tasks:
            metadata["points"] = points.get(cell.name, tasks.get(cell.name))
        found[cell.name] = CourseCell(cell.name, cell.cell_type, cell.source or "", metadata)
    return found


def restored(
    cells: Any,
    known: Mapping[str, CourseCell],
    after: Mapping[str, str],
    released: Collection[ReleasedCell] = (),
) -> list[NotebookNode]:
    """Return the cells of a notebook, built anew, with the cells that are worth points and missing.

    They may have been deleted, or added to the course after the notebook was handed out.

    Args:
        cells: as submitted, of any kind.
        known: the course's cells by ``grade_id``.
        after: each check cell's place: the solution cell behind which it is put when it is missing.
        released: the course's cells as they were released, by whose ids and text submitted ones are known that have
            lost their metadata.
    """
    submitted = [cell for cell in cells if isinstance(cell, Mapping)] if isinstance(cells, Sequence) else []
    names = recognised(submitted, released or [ReleasedCell(name) for name in known])
    chosen = _chosen(submitted, names, known)
    used_ids: set[str] = set()
    result = []
    for index, cell in enumerate(submitted):
        course_cell = known.get(name) if (name := chosen.get(index)) else None
        result.append(_rebuilt(cell, course_cell, used_ids))
    order = [cell.grade_id for cell in released] or list(known)
    for name in sorted(known, key=lambda one: order.index(one) if one in order else len(order)):
        told = known[name].metadata
        if (told["grade"] or told["task"]) and name not in chosen.values():
            before = [after[name]] if name in after else _before(name, order)
            result.insert(_place(result, before), _made(known[name]))
    return result


def _before(name: str, order: Sequence[str]) -> Sequence[str]:
    """Return the cells that come before one in the course's notebook, the nearest first."""
    return order[order.index(name) - 1 :: -1] if name in order[1:] else ()


def _chosen(
    cells: Sequence[Mapping[str, Any]], names: Sequence[str], known: Mapping[str, CourseCell]
) -> dict[int, str]:
    """Return which cell stands for which ``grade_id``: of several that match, the last with the right type."""
    best: dict[str, int] = {}
    for index, (cell, name) in enumerate(zip(cells, names, strict=True)):
        if name not in known:
            continue
        right = cell.get("cell_type") == known[name].cell_type
        if name not in best or right or cells[best[name]].get("cell_type") != known[name].cell_type:
            best[name] = index
    return {index: name for name, index in best.items()}


def _rebuilt(cell: Mapping[str, Any], course_cell: CourseCell | None, used_ids: set[str]) -> NotebookNode:
    kind = course_cell.cell_type if course_cell else cell.get("cell_type")
    make: Callable[[str], NotebookNode] = _MAKERS.get(str(kind), new_raw_cell)
    new = make(_source(cell))
    if course_cell:
        new.metadata = _metadata(course_cell)
    if kind == "markdown" and (attachments := pictures(cell.get("attachments"))):
        new.attachments = attachments
    cell_id = cell.get("id")
    if isinstance(cell_id, str) and _CELL_ID.fullmatch(cell_id) and cell_id not in used_ids:
        new.id = cell_id
    used_ids.add(new.id)
    return new


def _made(course_cell: CourseCell) -> NotebookNode:
    make: Callable[[str], NotebookNode] = _MAKERS.get(course_cell.cell_type, new_raw_cell)
    cell = make(course_cell.source)
    cell.metadata = _metadata(course_cell)
    cell.metadata[RESTORED] = True
    return cell


def _metadata(course_cell: CourseCell) -> NotebookNode:
    metadata = NotebookNode({"nbgrader": NotebookNode(course_cell.metadata)})
    if course_cell.metadata["locked"]:
        metadata.update({"deletable": False, "editable": False})
    return metadata


def _place(cells: Sequence[NotebookNode], before: Sequence[str]) -> int:
    """Return the place behind the first of these cells that is there; the end when none is."""
    names = [grade_id_of(cell) for cell in cells]
    return next((names.index(name) + 1 for name in before if name in names), len(cells))


def _source(cell: Mapping[str, Any]) -> str:
    # nbgrader hashes and writes cells as UTF-8, which lone surrogates have no place in.
    return source_of(cell).encode("utf-8", "replace").decode("utf-8")
