"""The percent format: cells for a notebook in one plain Python file.

Solutions and sample submissions are written in it. A line that begins with ``# %%`` starts a part:

- ``# %% [execute]`` takes the place of the cell with this ``grade_id``;
- ``# %% before execute`` and ``# %% after execute`` add a cell next to it;
- ``# %% in MyExecutor`` holds methods, which take the place of those of this class, wherever it is defined;
- ``# %% [notebook]`` repeats what the notebook gives, for readers and linters, and is never put into one.

What stands before the first marker is for readers only.
"""

import copy
import re
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.submission.methods import class_in, put_methods
from autograder.submission.model import Cell

NOTEBOOK_PART = "notebook"

_MARKER = re.compile(r"^# %%(?P<rest>.*)$", re.MULTILINE)
_MARKERS = "# %% [grade_id], # %% before grade_id, # %% after grade_id, # %% in ClassName"
_PART = re.compile(r"\s*(?:\[(?P<id>[\w-]+)\]|(?P<place>before|after|in)\s+(?P<anchor>[\w-]+))\s*")


def read_parts(text: str) -> list[Cell]:
    """Return the parts of a text in percent format, in order, without the part ``notebook``.

    What is added has a ``grade_id`` of the form ``before execute``, which no cell of a notebook has.

    Raises:
        ValueError: when a marker is none of the four; the message shows it.
    """
    markers = list(_MARKER.finditer(text))
    ends = [marker.start() for marker in markers[1:]] + [len(text)]
    cells = []
    for marker, end in zip(markers, ends, strict=False):  # without a marker there is no part
        part = _PART.fullmatch(marker["rest"])
        if part is None:
            raise ValueError(f"the marker {marker.group()!r} is none of: {_MARKERS}")
        name = part["id"] or f"{part['place']} {part['anchor']}"
        if name != NOTEBOOK_PART:
            cells.append(Cell(name, text[marker.end() : end].strip("\n")))
    return cells


def added_to_answers(parts: Sequence[Cell], answers: Iterable[Cell]) -> list[Cell]:
    """Return parts, and before them those of the model answer into whose classes they put methods."""
    given = {part.grade_id for part in parts}
    places = [(part.grade_id or "").rpartition(" ") for part in parts]
    classes = [anchor for place, _, anchor in places if place == "in"]

    def is_needed(one: Cell) -> bool:
        return one.grade_id not in given and any(class_in(one.source, name) for name in classes)

    return [*filter(is_needed, answers), *parts]


def put_parts(notebook: NotebookNode, parts: Iterable[Cell]) -> NotebookNode:
    """Return a copy of a notebook with the parts put in.

    Raises:
        ValueError: when a part names a cell or a class that the notebook does not have, or has other methods than
            `put_methods` takes.
    """
    result = copy.deepcopy(notebook)
    for part in parts:
        place, _, anchor = (part.grade_id or "").rpartition(" ")
        if place == "in":
            cell = _defining(result, anchor)
            cell.source = put_methods(cell.source, anchor, part.source)
            continue
        index = _index_of(result, anchor)
        if not place:
            result.cells[index].source = part.source
            continue
        added = new_code_cell(part.source)
        added.id = (
            f"{place}-{anchor}-{len(result.cells)}"  # new_code_cell draws one; the same parts give the same bytes
        )
        result.cells.insert(index + _offset(result, index, place), added)
    return result


def _offset(notebook: NotebookNode, index: int, place: str) -> int:
    """Return where to insert next to a cell, so that several cells added there keep their order."""
    if place == "before":
        return 0
    offset = 1
    while index + offset < len(notebook.cells) and notebook.cells[index + offset].get("id", "").startswith("after-"):
        offset += 1
    return offset


def _defining(notebook: NotebookNode, class_name: str) -> NotebookNode:
    """Return the last cell that defines a class."""
    cells: list[NotebookNode] = notebook.cells
    for cell in reversed(cells):
        if cell.cell_type == "code" and class_in(cell.source, class_name):
            return cell
    raise ValueError(f"no cell of the notebook defines the class {class_name}")


def _index_of(notebook: NotebookNode, grade_id: str) -> int:
    for index, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            return index
    known = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells if cell.cell_type == "code"]
    listed = ", ".join(name for name in known if name)
    raise ValueError(f"the notebook has no cell with the grade_id {grade_id!r}; its code cells are: {listed}")
