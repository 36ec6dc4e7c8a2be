"""Course folders for tests that grade: copies of the checkout's own parts, with a generated release."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.cli.sample_class import copy_course
from autograder.course import Course
from autograder.nbgrader_plugin.config import course_app
from autograder.nbgrader_plugin.convert import generate
from autograder.release.solution_file import solved_notebook

NAME = "p2p_communication"
PATIENCE = 1200
"""Seconds for which a test waits for what has to come. On no machine does it take as long, but for what never comes."""
CHECKOUT = Course(Path(__file__).parents[2])


def make_course(folder: Path, name: str = NAME) -> Course:
    """A course folder with a release of an assignment, and with it in the gradebook."""
    course = copy_course(CHECKOUT, folder)
    with course_app(course) as app:
        generate(app, name)
    return course


def released(course: Course, name: str = NAME) -> NotebookNode:
    """The notebook as it is handed out."""
    return nbformat.read(course.release(name), as_version=4)


def solved(course: Course, name: str = NAME) -> NotebookNode:
    """The released notebook with the model answers in it."""
    return solved_notebook(course, name)


def place(course: Course, student: str, name: str = NAME) -> Path:
    """Where a student's notebook is handed in; the folder is made."""
    folder = course.root / "submitted" / student / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.ipynb"


def cell_of(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with this ``grade_id``."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
