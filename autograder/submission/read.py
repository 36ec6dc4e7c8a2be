"""Reading what was handed in, whatever it is: bad input becomes problems with a message, never an exception."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.rubric.model import Assignment, Exercise
from autograder.submission.file import NotANotebook, NotebookJson, find_notebook, load_notebook
from autograder.submission.model import Cell, Problem, Severity, Submission
from autograder.submission.python_code import Unreadable, parse

_MANY_POINTS = 1 << 53  # larger ones cannot all be told apart as floats, and the largest are none
_ORDER = (Severity.FATAL, Severity.EXERCISE, Severity.NOTE)


def read_submission(path: Path, assignment: Assignment) -> Submission:
    """Read a submission's folder, or one notebook. Whatever is there, there is a `Submission`."""
    try:
        notebook_path, about_folder = find_notebook(path, assignment.name)
        notebook, about_format = load_notebook(notebook_path)
    except NotANotebook as error:
        return Submission((), (_problem(Severity.FATAL, str(error)),))
    submission = from_notebook(notebook, assignment)
    notes = [_problem(Severity.NOTE, message) for message in (about_folder, about_format) if message]
    return Submission(submission.cells, _most_serious_first([*notes, *submission.problems]))


def from_notebook(notebook: NotebookJson, assignment: Assignment) -> Submission:
    """The cells that count of a notebook in nbformat 4, with what is wrong with it.

    The cells of the submission are the solution cells and those that the student added, in the notebook's order. Given
    cells and check cells are left out: grading uses the instructor's. Of several cells with the ``grade_id`` of one
    solution cell, which copying a cell gives, the last code cell counts, as its definitions do in a notebook that is
    run from the top.
    """
    cells = _cells(notebook)
    names = {exercise.name for exercise in assignment.exercises}
    checks = {exercise.check_cell for exercise in assignment.exercises}
    kept: list[Cell] = []
    for cell in cells:
        grade_id = _grade_id(cell)
        if _is_code(cell):
            known = grade_id in names or grade_id in checks or grade_id in assignment.given
            kept.append(Cell(grade_id if known else None, _source(cell)))
    return Submission(tuple(kept), _most_serious_first(_problems(cells, assignment)))


def _problems(cells: list[dict[str, Any]], assignment: Assignment) -> list[Problem]:
    problems: list[Problem] = []
    for exercise in assignment.exercises:
        problems += _with_solution(exercise, _named(cells, exercise.name))
        problems += _with_course_cell("check", exercise.check_cell, cells, exercise.name)
    for grade_id in assignment.given:
        problems += _with_course_cell("given", grade_id, cells)
    return [*problems, *_tags(cells)]


def _with_solution(exercise: Exercise, named: list[dict[str, Any]]) -> list[Problem]:
    code = [cell for cell in named if _is_code(cell)]
    problems: list[Problem] = []
    if message := _why_unusable(exercise.name, named, code):
        problems.append(_problem(Severity.EXERCISE, message, exercise.name))
    if len(code) > 1:
        message = f"There are {len(code)} solution cells `{exercise.name}`. The last one counts."
        problems.append(_problem(Severity.NOTE, message, exercise.name))
    return problems


def _why_unusable(name: str, named: list[dict[str, Any]], code: list[dict[str, Any]]) -> str:
    if not named:
        return f"The solution cell `{name}` is not in the notebook: it was deleted, or its name was changed."
    if not code:
        return f"The solution cell `{name}` was turned into text, so it holds no code. Turn it back into a code cell."
    source = _source(code[-1])
    if not source.strip():
        return f"The solution cell `{name}` is empty."
    tree = parse(source)
    if isinstance(tree, Unreadable):
        return f"Python cannot read the solution cell `{name}`: {tree.message}, at line {tree.line}: {tree.text}"
    return ""


def _with_course_cell(
    kind: str, grade_id: str, cells: list[dict[str, Any]], exercise: str | None = None
) -> list[Problem]:
    """What happened to a cell that nobody was to change. It costs nothing, since it is not used."""
    named = _named(cells, grade_id)
    if named and not any(_was_changed(cell) for cell in named):
        return []
    done = "changed" if named else "deleted"
    message = f"The {kind} cell `{grade_id}` was {done}. The course's own was used."
    return [_problem(Severity.NOTE, message, exercise)]


def _was_changed(cell: dict[str, Any]) -> bool:
    """Whether a cell is not what nbgrader's checksum, made with the release, says. Without one, nobody can tell."""
    told = _nbgrader(cell)
    return isinstance(told.get("checksum"), str) and told["checksum"] != _checksum(cell, told)


def _checksum(cell: dict[str, Any], told: dict[str, Any]) -> str:
    """The checksum of a locked cell, as nbgrader computes it (``nbgrader.utils.compute_checksum``)."""
    parts = [_source(cell), cell.get("cell_type"), told.get("grade"), False, told.get("locked"), told.get("grade_id")]
    if told.get("grade"):
        points = told.get("points")
        parts.append(float(points) if isinstance(points, int) and abs(points) < _MANY_POINTS else points)
    text = "".join(map(_as_text, parts)).encode("utf-8", "backslashreplace")
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _tags(cells: list[dict[str, Any]]) -> list[Problem]:
    tags = {_as_text(tag)[:60] for cell in cells for tag in _list(_dict(cell.get("metadata")).get("tags"))}
    if not tags:
        return []
    return [_problem(Severity.NOTE, f"Cells have tags, which change nothing here: {', '.join(sorted(tags)[:20])}.")]


def _problem(severity: Severity, message: str, exercise: str | None = None) -> Problem:
    """A problem whose message can be printed and stored: names and lines in it may hold what is no text."""
    return Problem(severity, message.encode("utf-8", "backslashreplace").decode("utf-8"), exercise)


def _most_serious_first(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: _ORDER.index(problem.severity)))


def _last_of_each(cells: list[Cell]) -> tuple[Cell, ...]:
    """Of several cells with one ``grade_id`` the last one."""
    last = {cell.grade_id: index for index, cell in enumerate(cells) if cell.grade_id}
    return tuple(cell for index, cell in enumerate(cells) if not cell.grade_id or last[cell.grade_id] == index)


def _named(cells: list[dict[str, Any]], grade_id: str) -> list[dict[str, Any]]:
    return [cell for cell in cells if _grade_id(cell) == grade_id]


def _cells(notebook: NotebookJson) -> list[dict[str, Any]]:
    return [cell for cell in _list(notebook.get("cells")) if isinstance(cell, dict)]


def _is_code(cell: dict[str, Any]) -> bool:
    return cell.get("cell_type") == "code"


def _grade_id(cell: dict[str, Any]) -> str | None:
    grade_id = _nbgrader(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) else None


def _nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    return _dict(_dict(cell.get("metadata")).get("nbgrader"))


def _source(cell: dict[str, Any]) -> str:
    """A cell's source, which in the file may also be a list of lines."""
    source = cell.get("source")
    return "".join(map(_as_text, source)) if isinstance(source, list) else _as_text(source or "")


def _as_text(value: Any) -> str:
    """Text and numbers as text. Of anything else, which may be nested deeply, only its kind."""
    return str(value) if isinstance(value, str | int | float) else f"<{type(value).__name__}>"


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
