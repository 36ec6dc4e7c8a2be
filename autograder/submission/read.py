"""Reading what was handed in, whatever it is: bad input becomes problems with a message, never an exception."""

import json
import os
import stat
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.rubric.model import Assignment, Exercise
from autograder.submission.definitions import Unreadable, parse
from autograder.submission.model import Cell, Problem, Severity, Submission

LARGEST_NOTEBOOK = 10 << 20
"""Bytes. A notebook without outputs has some ten kilobytes; larger ones are not parsed."""

NotebookJson = dict[str, Any]


class NotANotebook(Exception):
    """What was handed in is no notebook that could be read. The message is for the instructor."""


def read_submission(path: Path, assignment: Assignment) -> Submission:
    """Read a submission's folder, or one notebook. Whatever is there, there is a `Submission`."""
    try:
        notebook_path, notes = _find_notebook(path, assignment)
        submission = from_notebook(load_notebook(notebook_path), assignment)
    except NotANotebook as error:
        return Submission((), (Problem(Severity.FATAL, str(error)),))
    return Submission(submission.cells, (*notes, *submission.problems))


def from_notebook(notebook: NotebookJson, assignment: Assignment) -> Submission:
    """The cells that count of a notebook in nbformat 4, with what is wrong with it.

    The cells of the submission are the solution cells and those that the student added, in the notebook's order. Given
    cells and check cells are left out: grading uses the instructor's.
    """
    cells = _cells(notebook)
    problems = [*_missing_or_wrong(cells, assignment), *_tags(cells)]
    names = {exercise.name for exercise in assignment.exercises}
    checks = {exercise.check_cell for exercise in assignment.exercises}
    kept: list[Cell] = []
    for cell in cells:
        grade_id = _grade_id(cell)
        if _is_code(cell) and grade_id not in checks and grade_id not in assignment.given:
            kept.append(Cell(grade_id if grade_id in names else None, _source(cell)))
    return Submission(_last_of_each(kept), tuple(problems))


def load_notebook(path: Path) -> NotebookJson:
    """Read and upgrade a notebook file.

    Raises:
        NotANotebook: when it cannot be read, or is no notebook.
    """
    try:
        notebook = json.loads(_bounded(path))
    except UnicodeDecodeError as error:
        raise NotANotebook(f"{path.name} is no text in UTF-8, so it is no notebook. Ask for it again.") from error
    except ValueError as error:
        raise NotANotebook(f"{path.name} is not JSON ({error}), so it is no notebook. Ask for it again.") from error
    except RecursionError as error:
        raise NotANotebook(f"{path.name} is nested too deeply to be a notebook. Ask for it again.") from error
    return _upgraded(notebook, path.name)


def _bounded(path: Path) -> str:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = "it is a link" if path.is_symlink() else error.strerror
        raise NotANotebook(f"{path.name} cannot be read: {why}. Check the file and its permissions.") from error
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        os.close(fd)
        raise NotANotebook(f"{path.name} is no file but something of another kind. Ask for the notebook again.")
    with os.fdopen(fd, "rb") as file:
        if status.st_size > LARGEST_NOTEBOOK:
            megabytes = status.st_size / (1 << 20)
            raise NotANotebook(
                f"{path.name} has {megabytes:.0f} MB; notebooks over {LARGEST_NOTEBOOK >> 20} MB are not opened. "
                "Ask for it with the outputs cleared."
            )
        return file.read(LARGEST_NOTEBOOK + 1).decode("utf-8")


def _upgraded(notebook: Any, name: str) -> NotebookJson:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise NotANotebook(f"{name} is JSON, but no notebook. Ask for it again.")
    if notebook["nbformat"] == 4:
        if not isinstance(notebook.get("cells"), list):
            raise NotANotebook(f"{name} is a notebook without a list of cells. Ask for it again.")
        return notebook
    from nbformat import NBFormatError, NotebookNode, convert, from_dict

    try:
        upgraded: NotebookNode = convert(from_dict(notebook), 4)
    except (NBFormatError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        version = str(notebook["nbformat"])[:20]
        raise NotANotebook(
            f"{name} has the notebook format {version}, which cannot be converted to 4 ({error}). "
            "Ask for it to be opened and saved in a current JupyterLab."
        ) from error
    return dict(upgraded)


def _find_notebook(path: Path, assignment: Assignment) -> tuple[Path, list[Problem]]:
    """The notebook that counts in a submission's folder, and what is odd about the folder."""
    if path.suffix == ".ipynb" and not path.is_dir():
        return path, []
    try:
        found = sorted(entry for entry in path.iterdir() if entry.suffix == ".ipynb")
    except OSError as error:
        raise NotANotebook(f"{path} cannot be read: {error.strerror}. Check the folder and its permissions.") from error
    wanted = f"{assignment.name}.ipynb"
    others = [entry for entry in found if entry.name != wanted]
    if len(others) < len(found):
        return path / wanted, [_left_aside(others)] if others else []
    if not found:
        raise NotANotebook(f"There is no notebook in {path}. Was the wrong folder handed in?")
    names = ", ".join(entry.name for entry in found[:5])
    raise NotANotebook(
        f"There is no {wanted} in {path}, but {names}. Rename the right one to {wanted} and grade again."
    )


def _left_aside(others: Sequence[Path]) -> Problem:
    names = ", ".join(entry.name for entry in others[:5])
    return Problem(Severity.NOTE, f"There are more notebooks in the folder, which were left aside: {names}.")


def _missing_or_wrong(cells: list[dict[str, Any]], assignment: Assignment) -> list[Problem]:
    counts = Counter(_grade_id(cell) for cell in cells)
    problems: list[Problem] = []
    for exercise in assignment.exercises:
        named = [cell for cell in cells if _grade_id(cell) == exercise.name]
        if problem := _problem_with(exercise, named):
            problems.append(problem)
        if not counts[exercise.check_cell]:
            message = f"The check cell `{exercise.check_cell}` was deleted. The course's own was used."
            problems.append(Problem(Severity.NOTE, message, exercise.name))
    return problems


def _problem_with(exercise: Exercise, named: list[dict[str, Any]]) -> Problem | None:
    name = exercise.name
    code = [cell for cell in named if _is_code(cell)]
    if not named:
        message = f"The solution cell `{name}` is not in the notebook: it was deleted, or its name was changed."
        return Problem(Severity.EXERCISE, message, name)
    if not code:
        message = (
            f"The solution cell `{name}` was turned into text, so it holds no code. Turn it back into a code cell."
        )
        return Problem(Severity.EXERCISE, message, name)
    source = _source(code[-1])
    if not source.strip():
        return Problem(Severity.EXERCISE, f"The solution cell `{name}` is empty.", name)
    tree = parse(source)
    if isinstance(tree, Unreadable):
        message = f"Python cannot read the solution cell `{name}`: {tree.message}, at line {tree.line}: {tree.text}"
        return Problem(Severity.EXERCISE, message, name)
    if len(code) > 1:
        message = f"There are {len(code)} solution cells `{name}`. The last one counts."
        return Problem(Severity.NOTE, message, name)
    return None


def _tags(cells: list[dict[str, Any]]) -> list[Problem]:
    tags = {str(tag)[:60] for cell in cells for tag in _list(_dict(cell.get("metadata")).get("tags"))}
    if not tags:
        return []
    return [Problem(Severity.NOTE, f"Cells have tags, which change nothing here: {', '.join(sorted(tags))}.")]


def _last_of_each(cells: list[Cell]) -> tuple[Cell, ...]:
    """Of several cells with one ``grade_id``, which copying a cell gives, the last one."""
    last = {cell.grade_id: index for index, cell in enumerate(cells) if cell.grade_id}
    return tuple(cell for index, cell in enumerate(cells) if not cell.grade_id or last[cell.grade_id] == index)


def _cells(notebook: NotebookJson) -> list[dict[str, Any]]:
    return [cell for cell in _list(notebook.get("cells")) if isinstance(cell, dict)]


def _is_code(cell: dict[str, Any]) -> bool:
    return cell.get("cell_type") == "code"


def _grade_id(cell: dict[str, Any]) -> str | None:
    grade_id = _dict(_dict(cell.get("metadata")).get("nbgrader")).get("grade_id")
    return grade_id if isinstance(grade_id, str) else None


def _source(cell: dict[str, Any]) -> str:
    """A cell's source, which in the file may also be a list of lines."""
    source = cell.get("source")
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
