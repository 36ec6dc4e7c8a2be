"""Cells that nobody but a person can give points for, put into a course's notebook."""

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from autograder.course import Course
from tests.tools.course_folder import NAME, cell_of

ESSAY = "essay"


def essay(name: str = ESSAY, points: float = 5) -> NotebookNode:
    """A text that students write, and that a person reads."""
    cell = new_markdown_cell("Why does a site answer?", id=name)
    return _graded(cell, name, points, solution=True)


def extra_check(name: str = "test_extra", points: float = 3) -> NotebookNode:
    """A check cell of nbgrader's, which no exercise of the rubric knows."""
    return _graded(new_code_cell("assert 1 + 1 == 3", id=name), name, points, solution=False)


def task(name: str = "task", points: float = 2) -> NotebookNode:
    """A task of nbgrader's, which a person reads."""
    cell = _graded(
        new_markdown_cell("Draw a ring.", id=name),
        name,
        points,
        solution=False,
    )
    cell.metadata.nbgrader.update(grade=False, task=True)
    return cell


def _graded(cell: NotebookNode, name: str, points: float, *, solution: bool) -> NotebookNode:
    told = {"grade_id": name, "grade": True, "solution": solution, "locked": not solution, "task": False}
    cell.metadata.nbgrader = {**told, "points": points, "schema_version": 3, "cell_type": cell.cell_type}
    return cell


def add_to_source(course: Course, *cells: NotebookNode, after: str = "test_execute") -> None:
    """Put cells into the instructor's notebook, behind another one."""
    path = course.source(NAME)
    notebook = nbformat.read(path, as_version=4)
    place = notebook.cells.index(cell_of(notebook, after)) + 1
    notebook.cells[place:place] = cells
    nbformat.write(notebook, path)


def take_out_of_source(course: Course, *names: str) -> None:
    """Take cells out of the instructor's notebook."""
    path: Path = course.source(NAME)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in names]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def give(course: Course, student: str, cell: str, points: float | None, extra: float | None = None) -> None:
    """Give points by hand, as the Formgrader does."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        entry = gradebook.find_grade(cell, NAME, NAME, student)
        entry.manual_score, entry.extra_credit = points, extra
        entry.needs_manual_grade = entry.manual_score is None and entry.auto_score is None
        gradebook.db.commit()
