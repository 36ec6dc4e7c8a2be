"""Reading what was handed in, whatever it is: bad input becomes problems with a message, never an exception."""

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
_CODE_ELSEWHERE = "Code in other cells counts all the same."


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
        return Submission((), (Problem.fatal(error.code, str(error)),))
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
        return Submission(code, (Problem.fatal("notebook.other", _of_something_else(code, assignment)),))
    if not read.has_answers:
        return Submission(code, (Problem.fatal("notebook.no_answers", _without_answers(code, assignment)),))
    if too_much := _too_much(code):
        return Submission(code, (Problem.fatal("notebook.too_much_code", too_much),))
    return Submission(code, (*read.problems(), *_newer_python(notebook, code), *_tags(cells, tags)))


def _too_much(code: Sequence[Cell]) -> str:
    """Return why a notebook of readable cells would take minutes altogether; empty for any other."""
    sizes = [len(cell.source) for cell in code if len(cell.source) <= MOST_CODE]
    if sum(sizes) <= MOST_CODE and len(sizes) <= MOST_CELLS:
        return ""
    return (
        f"The notebook has {len(sizes):,} cells with {sum(sizes):,} characters of code. At most {MOST_CELLS:,} cells "
        f"with {MOST_CODE:,} characters are read. Ask for one with the answers only."
    )


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
            found += self._check(exercise.check_cell, exercise.name)
        for grade_id in self.assignment.given:
            found += self._given(grade_id)
        return [*found, *self._without_names()]

    def _named(self, name: str) -> list[AnyCell]:
        return [cell for cell, known in zip(self.cells, self.known, strict=True) if known == name]

    def _solution(self, name: str) -> list[Problem]:
        named = self._named(name)
        sources = [source_of(cell) for cell in named if _is_code(cell)]
        if not named:
            gone = f"The solution cell `{name}` is not in the notebook: it was deleted, or its name was changed."
            return [Problem.note("cell.deleted", f"{gone} {_CODE_ELSEWHERE}", name)]
        if not sources:
            turned = f"The solution cell `{name}` was turned into text, so it holds no code."
            return [Problem.note("cell.turned_into_text", f"{turned} {_CODE_ELSEWHERE}", name)]
        if not any(source.strip() for source in sources):
            return [Problem.note("cell.empty", f"The solution cell `{name}` is empty. {_CODE_ELSEWHERE}", name)]
        return [_unreadable(name, tree) for tree in map(parse, sources) if isinstance(tree, Unreadable)]

    def _check(self, grade_id: str, exercise: str) -> list[Problem]:
        if done := self._what_was_done(grade_id):
            message = f"The check cell `{grade_id}` was {done}. The course's own was used."
            return [Problem.note(f"cell.{done}", message, exercise)]
        return []

    def _given(self, grade_id: str) -> list[Problem]:
        done = self._what_was_done(grade_id)
        then = "The course's own runs first, then yours." if done == "changed" else "The course's own was used."
        return [Problem.note(f"cell.{done}", f"The given cell `{grade_id}` was {done}. {then}")] if done else []

    def _what_was_done(self, name: str) -> str:
        """Return what happened to a cell that nobody should change; it costs no points."""
        named = self._named(name)
        if not named:
            return "deleted"
        return "changed" if any(_was_changed(cell, self.released.get(name)) for cell in named) else ""

    def _without_names(self) -> list[Problem]:
        lost = [name for cell, name in zip(self.cells, self.known, strict=True) if name and grade_id_of(cell) != name]
        if not lost:
            return []
        message = f"{len(lost)} of the course's cells had lost their names. They were known by their ids or their text."
        return [Problem.note("cells.without_names", message)]


def _unreadable(name: str, broken: Unreadable) -> Problem:
    message = (
        f"Python cannot read the solution cell `{name}`: {broken.message} (Python {python_version()}), "
        f"at line {broken.line}: {broken.text}"
    )
    return Problem.note(UNREADABLE, message, name, broken.line)


def _of_something_else(code: Sequence[Cell], assignment: AssignmentCells) -> str:
    """Return why a notebook without anything of the assignment cannot be graded."""
    return (
        f"The notebook has no cell that belongs to {assignment.name}: none has the name, the id or the text of one of "
        f"its solution cells ({_solutions(assignment)}) or check cells. {_what_it_is(code)}"
    )


def _without_answers(code: Sequence[Cell], assignment: AssignmentCells) -> str:
    """Return why a notebook without any solution cell, and without the class of any answer, cannot be graded."""
    return (
        f"None of the solution cells of {assignment.name} ({_solutions(assignment)}) is in the notebook, and no other "
        f"cell names a class of theirs. {_what_it_is(code)}"
    )


def _solutions(assignment: AssignmentCells) -> str:
    return ", ".join(f"`{exercise.name}`" for exercise in assignment.exercises)


def _what_it_is(code: Sequence[Cell]) -> str:
    begins = next((line for cell in code for line in cell.source.splitlines() if line.strip()), "")[:80]
    found = f"{len(code)} code cells, which begin with: {begins}" if begins else "no code"
    return (
        f"It has {found}. Either it is another notebook: ask for the right one. Or a tool took the cells' names away: "
        "copy the answers into the released notebook, and grade again."
    )


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
    message = (
        f"The notebook was saved with Python {saved[0]}.{saved[1]}, and is graded with Python {python_version()}, "
        "which cannot read syntax that is newer."
    )
    return [Problem.note("notebook.newer_python", message)]


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
    if not tags:
        return []
    message = f"Cells have tags, which change nothing here: {', '.join(sorted(tags)[:20])}."
    return [Problem.note("cells.tags", message)]


def _fatal_first(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.severity is not Severity.FATAL))


def _is_code(cell: AnyCell) -> bool:
    return cell.get("cell_type") == "code"
