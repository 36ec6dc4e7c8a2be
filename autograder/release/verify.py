"""Verifies a release with all that there is to verify."""

from pathlib import Path

from autograder.course import Course, CourseError
from autograder.release import complete, leaks, parts
from autograder.release.drift import drift
from autograder.release.fault import Fault
from autograder.release.notebook_file import read_notebook
from autograder.release.scenarios import scenarios
from autograder.release.sections import sections
from autograder.release.solution_text import solution_text
from autograder.report.words import number
from autograder.rubric.model import Assignment


def verify(course: Course, assignment: Assignment) -> list[Fault]:
    """Return all faults of an assignment's release, and of the parts that students do not get.

    Raises:
        CourseError: when the source cannot be generated from.
    """
    if missing := parts.missing_files(course, assignment):
        return missing
    name = assignment.name
    faults = [
        *parts.other_notebooks(course, assignment),
        *parts.answers(course, assignment),
        *scenarios(course, assignment),
        *drift(course, name),
    ]
    release = course.root / "release" / name / f"{name}.ipynb"
    try:
        read_notebook(release)
    except CourseError as error:
        told = {"error": str(error), "assignment": name}
        return [*faults, Fault(f"release/{name}", "release.unreadable", told)]
    return [*faults, *faults_of(release, course, assignment)]


def faults_of(release: Path, course: Course, assignment: Assignment) -> list[Fault]:
    """Return all faults of a released notebook and the files beside it, whatever generated them."""
    notebook = read_notebook(release)
    files = [path for path in sorted(release.parent.rglob("*")) if path.is_file() and path != release]
    return [
        *complete.given_cells(notebook, assignment),
        *complete.stubs(notebook, assignment),
        *complete.check_cells(notebook, assignment),
        *complete.by_nobody(notebook, assignment),
        *complete.rubric(assignment),
        *sections(notebook, assignment),
        *solution_text(notebook, files, course.solutions(assignment.name), meant_for_students(course, assignment)),
        *leaks.hidden_material(notebook),
        *leaks.outputs(notebook),
        *leaks.attempts(files),
        *leaks.instructor_metadata(notebook, files),
    ]


def points_by_hand(course: Course, assignment: Assignment) -> str:
    """Return in words what waits for a person in every submission; empty when nothing does.

    Raises:
        CourseError: when the release cannot be read.
    """
    found = complete.by_hand(read_notebook(course.release(assignment.name)), assignment)
    if not found:
        return ""
    cells = ", ".join(f"{name} ({number(points)})" for name, points in found.items())
    return f"points are given by hand for {cells}: no grade is exported before somebody has read the answer"


def meant_for_students(course: Course, assignment: Assignment) -> str:
    """Return the code of the instructor's stubs and given cells; other faults say if they are no stubs."""
    cells = read_notebook(course.source(assignment.name)).cells
    names = {*assignment.given, *(exercise.name for exercise in assignment.exercises)}
    meant = (cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") in names)
    return "\n\n".join(cell.source for cell in meant)
