"""All that is verified of a release."""

from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.release import complete, leaks
from autograder.release.drift import drift
from autograder.release.fault import Fault
from autograder.rubric.model import Assignment


def verify(course: Course, assignment: Assignment) -> list[Fault]:
    """Everything that is wrong with the release of an assignment.

    Raises:
        CourseError: when the course folder lacks a part of it.
    """
    return [*drift(course, assignment.name), *faults_of(course.release(assignment.name), course, assignment)]


def faults_of(release: Path, course: Course, assignment: Assignment) -> list[Fault]:
    """Everything that is wrong with a released notebook and the files beside it, whatever generated them."""
    notebook = nbformat.read(release, as_version=4)
    files = [path for path in sorted(release.parent.rglob("*")) if path.is_file() and path != release]
    return [
        *complete.stubs(notebook, assignment),
        *complete.check_cells(notebook, assignment),
        *complete.rubric(assignment),
        *leaks.solution_text(
            notebook, files, course.solutions(assignment.name), _meant_for_students(course, assignment)
        ),
        *leaks.hidden_material(notebook),
        *leaks.outputs(notebook),
        *leaks.instructor_metadata(notebook, files),
    ]


def _meant_for_students(course: Course, assignment: Assignment) -> str:
    """The code of the instructor's stubs and given cells. That they are stubs is verified by itself."""
    cells = nbformat.read(course.source(assignment.name), as_version=4).cells
    names = {*assignment.given, *(exercise.name for exercise in assignment.exercises)}
    meant = (cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") in names)
    return "\n\n".join(cell.source for cell in meant)
