"""Reading what was handed in, whatever it is: bad input becomes problems, never an exception."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.submission.file import NotANotebook, NotebookJson, find_notebook, load_notebook
from autograder.submission.model import UNREADABLE, AssignmentCells, Cell, Problem, Severity, Submission
from autograder.submission.python_code import MOST_CODE, Unreadable, parse, python_version
from autograder.submission.released import (
    AnyCell,
    ReleasedCell,
    as_text,
    cells_of,
    grade_id_of,
    nbgrader_of,
    recognised,
    released_cells,
    released_tags,
    source_of,
    tags_of,
)

_MANY_POINTS = 1 << 53  # larger ones cannot all be told apart as floats, and the largest are none
MOST_CELLS = 5_000
"""Cells with code that are read. A notebook has some thirty."""


def read_submission(path: Path, assignment: AssignmentCells, course: Course) -> Submission:
    """Read a submission's folder, or one notebook. Whatever is there, there is a `Submission`.

    Raises:
        CourseError: when the course's own notebook cannot be read.
    """
    released = released_cells(course, assignment.name)
    tags = released_tags(course, assignment.name)
    try:
        notebook_path, about_folder = find_notebook(path, assignment.name)
        notebook, about_format = load_notebook(notebook_path)
    except NotANotebook as error:
        return Submission((), (error.problem,))
    submission = from_notebook(notebook, assignment, released, tags)
    notes = filter(None, [about_folder, about_format])
    return Submission(submission.cells, _fatal_first([*notes, *submission.problems]))


def from_notebook(
    notebook: NotebookJson,
    assignment: AssignmentCells,
    released: Collection[ReleasedCell] = (),
    tags: Collection[str] = (),
) -> Submission:
    """Return all code cells of a notebook in nbformat 4 in their order, with what is wrong with it.

    Solution, check and given cells have their ``grade_id``, also when several are the same one; all others have none.

    Args:
        released: the course's cells. Without them cells are known by their ``grade_id`` only.
        tags: those that cells have as they are handed out, of which nothing is said.
    """
    names = _names(assignment)
    cells = cells_of(notebook)
    known = recognised(cells, released or [ReleasedCell(name) for name in names])
    read = _Read(cells, known, {cell.grade_id: cell for cell in released}, assignment)
    code = tuple(
        Cell(name if name in names else None, source_of(cell))
        for name, cell in zip(known, cells, strict=True)
        if _is_code(cell)
    )
    if not read.is_of_assignment:
        return Submission(code, (_unlike("notebook.other", code, assignment),))
    if not read.has_answers:
        return Submission(code, (_unlike("notebook.no_answers", code, assignment),))
    if too_much := _too_much(code):
        return Submission(code, (too_much,))
    return Submission(code, (*read.problems(), *_newer_python(notebook, code), *_tags(cells, tags)))


def _too_much(code: Sequence[Cell]) -> Problem | None:
    """Return why a notebook of readable cells would take minutes altogether; None for any other."""
    sizes = [len(cell.source) for cell in code if len(cell.source) <= MOST_CODE]
    if sum(sizes) <= MOST_CODE and len(sizes) <= MOST_CELLS:
        return None
    most = {"most_cells": MOST_CELLS, "most_characters": MOST_CODE}
    return Problem.fatal("notebook.too_much_code", cells=len(sizes), characters=sum(sizes), **most)


def _names(assignment: AssignmentCells) -> list[str]:
    return [*assignment.given, *(name for one in assignment.exercises for name in (one.name, one.check_cell))]


@dataclass(frozen=True)
class _Read:
    """A notebook's cells, and which of the course's they are.

    Attributes:
        known: for each cell its name in the course; empty when it is none of the course's.
        released: the course's cells by name, as far as they are known.
    """

    cells: Sequence[AnyCell]
    known: Sequence[str]
    released: dict[str, ReleasedCell]
    assignment: AssignmentCells

    @property
    def is_of_assignment(self) -> bool:
        """Return whether a notebook has a cell that only this assignment has; given cells can be shared."""
        return any(name in self.known for one in self.assignment.exercises for name in (one.name, one.check_cell))

    @property
    def has_answers(self) -> bool:
        """Return whether there is a solution cell, or else a cell of the student's that names a class of an answer."""
        exercises = self.assignment.exercises
        if any(exercise.name in self.known for exercise in exercises):
            return True
        named = re.compile("|".join(rf"\b{re.escape(name)}\b" for one in exercises for name in one.classes))
        own = (cell for cell, name in zip(self.cells, self.known, strict=True) if not name and _is_code(cell))
        return any(named.search(source_of(cell)) for cell in own)

    def problems(self) -> list[Problem]:
        found: list[Problem] = []
        for exercise in self.assignment.exercises:
            found += self._solution(exercise.name)
            found += self._locked(exercise.check_cell, "check_cell.deleted", "check_cell.changed", exercise.name)
        for grade_id in self.assignment.given:
            found += self._locked(grade_id, "given_cell.deleted", "given_cell.changed")
        return [*found, *self._without_names()]

    def _named(self, name: str) -> list[AnyCell]:
        return [cell for cell, known in zip(self.cells, self.known, strict=True) if known == name]

    def _solution(self, name: str) -> list[Problem]:
        named = self._named(name)
        sources = [source_of(cell) for cell in named if _is_code(cell)]
        if not named:
            return [Problem.note("solution.deleted", name)]
        if not sources:
            return [Problem.note("solution.turned_into_text", name)]
        if not any(source.strip() for source in sources):
            return [Problem.note("solution.empty", name)]
        return [_unreadable(name, tree) for tree in map(parse, sources) if isinstance(tree, Unreadable)]

    def _locked(self, name: str, deleted: str, changed: str, exercise: str | None = None) -> list[Problem]:
        """Return what happened to a cell that nobody should change, by the codes for that."""
        named = self._named(name)
        if not named:
            return [Problem.note(deleted, exercise, cell=name)]
        was_changed = any(_was_changed(cell, self.released.get(name)) for cell in named)
        return [Problem.note(changed, exercise, cell=name)] if was_changed else []

    def _without_names(self) -> list[Problem]:
        lost = [name for cell, name in zip(self.cells, self.known, strict=True) if name and grade_id_of(cell) != name]
        return [Problem.note("cells.without_names", count=len(lost))] if lost else []


def _unreadable(name: str, broken: Unreadable) -> Problem:
    told = {"message": broken.message, "python": python_version(), "text": broken.text}
    return Problem.note(UNREADABLE, name, broken.line, **told)


def _unlike(code: str, cells: Sequence[Cell], assignment: AssignmentCells) -> Problem:
    """Return the problem of a notebook without anything, or without any answer, of the assignment."""
    begins = next((line for cell in cells for line in cell.source.splitlines() if line.strip()), "")[:80]
    solutions = tuple(exercise.name for exercise in assignment.exercises)
    return Problem.fatal(code, assignment=assignment.name, solutions=solutions, count=len(cells), begins=begins)


def _was_changed(cell: AnyCell, released: ReleasedCell | None) -> bool:
    """Return whether a cell differs from how it was handed out.

    nbgrader's checksum was made with the very release that the student got. Where it is gone, the text is compared.
    """
    told = nbgrader_of(cell)
    if isinstance(told.get("checksum"), str):
        return bool(told["checksum"] != _checksum(cell, told))
    return released is not None and (cell.get("cell_type"), source_of(cell)) != (released.cell_type, released.source)


def _checksum(cell: AnyCell, told: AnyCell) -> str:
    """Return the checksum of a locked cell, as nbgrader computes it (``nbgrader.utils.compute_checksum``)."""
    parts = [source_of(cell), cell.get("cell_type"), told.get("grade"), False, told.get("locked"), told.get("grade_id")]
    if told.get("grade"):
        points = told.get("points")
        parts.append(float(points) if isinstance(points, int) and abs(points) < _MANY_POINTS else points)
    text = "".join(map(as_text, parts)).encode("utf-8", "backslashreplace")
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _newer_python(notebook: NotebookJson, code: Sequence[Cell]) -> list[Problem]:
    """Report that an unreadable notebook was written with a newer Python, which may be why."""
    saved = _saved_with(notebook)
    if saved <= _version(python_version()) or not any(isinstance(parse(cell.source), Unreadable) for cell in code):
        return []
    return [Problem.note("notebook.newer_python", saved=f"{saved[0]}.{saved[1]}", python=python_version())]


def _saved_with(notebook: NotebookJson) -> tuple[int, ...]:
    metadata = notebook.get("metadata")
    language = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = language.get("version") if isinstance(language, dict) else None
    return _version(version) if isinstance(version, str) else ()


def _version(text: str) -> tuple[int, ...]:
    found = re.match(r"(\d{1,3})\.(\d{1,3})", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found else ()


def _tags(cells: Sequence[AnyCell], handed_out: Collection[str]) -> list[Problem]:
    tags = {tag[:60] for cell in cells for tag in tags_of(cell) if tag not in handed_out}
    return [Problem.note("cells.tags", tags=tuple(sorted(tags)))] if tags else []


def _fatal_first(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.severity is not Severity.FATAL))


def _is_code(cell: AnyCell) -> bool:
    return cell.get("cell_type") == "code"
