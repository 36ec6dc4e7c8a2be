"""Recognizes the course's cells in a submitted notebook, also when a tool has taken its metadata away."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError
from autograder.submission.file import NotANotebook, load_notebook

AnyCell = Mapping[str, Any]
"""A cell as it is in a file, in which anything can be."""


@dataclass(frozen=True)
class ReleasedCell:
    """A cell of the course's notebook that has a name.

    Attributes:
        grade_id: its name for nbgrader.
        cell_id: its id in the notebook; empty when it has none.
        locked: whether students are not to change it.
    """

    grade_id: str
    cell_id: str = ""
    cell_type: str = "code"
    source: str = ""
    locked: bool = False


def released_cells(course: Course, assignment: str) -> tuple[ReleasedCell, ...]:
    """Return the named cells of the released notebook, or of the instructor's if there is no release.

    Raises:
        CourseError: when the course folder has neither, or it cannot be read.
    """
    return _as_released(course, assignment)[0]


def released_tags(course: Course, assignment: str) -> frozenset[str]:
    """Return the tags that cells have as they are handed out; as `released_cells`."""
    return _as_released(course, assignment)[1]


def _as_released(course: Course, assignment: str) -> tuple[tuple[ReleasedCell, ...], frozenset[str]]:
    try:
        path = course.release(assignment)
    except CourseError:
        path = course.source(assignment)
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> tuple[tuple[ReleasedCell, ...], frozenset[str]]:
    try:
        notebook, _ = load_notebook(path)
    except NotANotebook as error:
        raise CourseError(f"{path}: {error}") from error
    cells = cells_of(notebook)
    named = tuple(_released(cell) for cell in cells if grade_id_of(cell))
    return named, frozenset(tag for cell in cells for tag in tags_of(cell))


def _released(cell: AnyCell) -> ReleasedCell:
    locked = nbgrader_of(cell).get("locked") is True
    return ReleasedCell(grade_id_of(cell), _id_of(cell), str(cell.get("cell_type")), source_of(cell), locked)


def recognised(cells: Sequence[AnyCell], released: Collection[ReleasedCell]) -> list[str]:
    """Return the ``grade_id`` of the course's cell that each submitted cell is; empty for none of them.

    A cell is known by its ``grade_id``, else by its id, which tools keep that take away metadata. A locked cell is
    known by its text, letter for letter, when no submitted cell has either. Several cells can be the same one: *Split
    Cell* of JupyterLab makes two of one.
    """
    names = {cell.grade_id for cell in released}
    by_id = _unambiguous((cell.cell_id, cell.grade_id) for cell in released)
    found = [name if (name := grade_id_of(cell)) in names else by_id.get(_id_of(cell), "") for cell in cells]
    lost = [cell for cell in released if cell.locked and cell.grade_id not in found]
    by_text = _unambiguous((cell.source, cell.grade_id) for cell in lost)
    return [name or by_text.get(source_of(cell), "") for name, cell in zip(found, cells, strict=True)]


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the pairs by their first part, without those that have none or share it."""
    listed = list(pairs)
    times = Counter(first for first, _ in listed)
    return {first: second for first, second in listed if first.strip() and times[first] == 1}


def cells_of(notebook: AnyCell) -> list[AnyCell]:
    """Return the cells of a notebook, without entries that are not cells."""
    cells = notebook.get("cells")
    return [cell for cell in cells if isinstance(cell, Mapping)] if isinstance(cells, list) else []


def nbgrader_of(cell: AnyCell) -> AnyCell:
    """Return nbgrader's metadata of a cell."""
    metadata = cell.get("metadata")
    told = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return told if isinstance(told, Mapping) else {}


def grade_id_of(cell: AnyCell) -> str:
    """Return a cell's ``grade_id``; empty when it has none."""
    grade_id = nbgrader_of(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) else ""


def source_of(cell: AnyCell) -> str:
    """Return a cell's source as one text, with line ends as Python and nbgrader know them."""
    source = cell.get("source")
    text = "".join(map(as_text, source)) if isinstance(source, list) else as_text(source or "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tags_of(cell: AnyCell) -> list[str]:
    """Return a cell's tags."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return list(map(as_text, tags)) if isinstance(tags, list) else []


def as_text(value: Any) -> str:
    """Return texts and numbers as text; of anything else, which may be nested deeply, only its kind."""
    return str(value) if isinstance(value, str | int | float) else f"<{type(value).__name__}>"


def _id_of(cell: AnyCell) -> str:
    cell_id = cell.get("id")
    return cell_id if isinstance(cell_id, str) else ""
