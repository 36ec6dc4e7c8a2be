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
from dataclasses import dataclass
from enum import StrEnum

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.submission.methods import class_in, put_methods

NOTEBOOK_PART = "notebook"

_MARKER = re.compile(r"^# %%(?P<rest>.*)$", re.MULTILINE)
_MARKERS = "# %% [grade_id], # %% before grade_id, # %% after grade_id, # %% in ClassName"
_PART = re.compile(r"\s*(?:\[(?P<id>[\w-]+)\]|(?P<place>before|after|in)\s+(?P<anchor>[\w-]+))\s*")


class Place(StrEnum):
    """The place of a part in a notebook."""

    INSTEAD = ""
    """Into a cell, in place of what is there."""
    BEFORE = "before"
    AFTER = "after"
    IN = "in"
    """Into a class, in place of its methods with the same names."""


@dataclass(frozen=True)
class Part:
    """A part of a text in percent format.

    Attributes:
        anchor: the ``grade_id`` of the cell that it replaces or stands beside, or the name of the class.
    """

    place: Place
    anchor: str
    source: str

    @property
    def replaces(self) -> str | None:
        """Return the ``grade_id`` of the cell that it replaces, if it does."""
        return self.anchor if self.place is Place.INSTEAD else None


def read_parts(text: str) -> list[Part]:
    """Return the parts of a text in percent format, in order, without the part ``notebook``.

    Raises:
        ValueError: when a marker is none of the four; the message shows it.
    """
    markers = list(_MARKER.finditer(text))
    ends = [marker.start() for marker in markers[1:]] + [len(text)]
    parts = []
    for marker, end in zip(markers, ends, strict=False):  # without a marker there is no part
        found = _PART.fullmatch(marker["rest"])
        if found is None:
            raise ValueError(f"the marker {marker.group()!r} is none of: {_MARKERS}")
        source = text[marker.end() : end].strip("\n")
        parts.append(Part(Place(found["place"] or ""), found["id"] or found["anchor"], source))
    return [part for part in parts if part.replaces != NOTEBOOK_PART]


def added_to_answers(parts: Sequence[Part], answers: Iterable[Part]) -> list[Part]:
    """Return parts, and before them those of the model answer into whose classes they put methods."""
    given = {part.replaces for part in parts}
    classes = [part.anchor for part in parts if part.place is Place.IN]

    def is_needed(part: Part) -> bool:
        return part.replaces not in given and any(class_in(part.source, name) for name in classes)

    return [*filter(is_needed, answers), *parts]


def put_parts(notebook: NotebookNode, parts: Iterable[Part]) -> NotebookNode:
    """Return a copy of a notebook with the parts put in.

    Raises:
        ValueError: when a part names a cell or a class that the notebook does not have, or has other methods than
            `put_methods` takes.
    """
    result = copy.deepcopy(notebook)
    for part in parts:
        if part.place is Place.IN:
            cell = _defining(result, part.anchor)
            cell.source = put_methods(cell.source, part.anchor, part.source)
            continue
        index = _index_of(result, part.anchor)
        if part.place is Place.INSTEAD:
            result.cells[index].source = part.source
            continue
        added = new_code_cell(part.source)
        # new_code_cell draws an id; the same parts give the same bytes.
        added.id = f"{part.place}-{part.anchor}-{len(result.cells)}"
        result.cells.insert(index + _offset(result, index, part.place), added)
    return result


def _offset(notebook: NotebookNode, index: int, place: Place) -> int:
    """Return where to insert next to a cell, so that several cells added there keep their order."""
    if place is Place.BEFORE:
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
