"""The parts of an assignment that students do not get: whether they are there, and fit the exercises."""

import ast
from collections.abc import Iterator

from autograder.course import Course
from autograder.release.fault import Fault
from autograder.rubric.model import Assignment
from autograder.submission.percent import read_parts
from autograder.submission.python_code import Unreadable, parse


def missing_files(course: Course, assignment: Assignment) -> list[Fault]:
    """Return a fault for each missing file of an assignment; without all files nothing else is verified."""
    name = assignment.name
    needed = {
        f"source/{name}/{name}.ipynb": "the notebook with the stubs, from which the release is generated",
        f"solutions/{name}/{name}.py": "the model answers, one part for each solution cell",
    }
    return [
        Fault(place, f"It is not there. It should hold {what}.", "Restore it, or write it; CONTRIBUTING.md says how.")
        for place, what in needed.items()
        if not (course.root / place).is_file()
    ]


def other_notebooks(course: Course, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each further notebook in the source's folder, of which nbgrader would make a release too."""
    folder = course.root / "source" / assignment.name
    for path in sorted(folder.glob("*.ipynb")):
        if path.stem != assignment.name:
            what = "It is a second notebook: nbgrader hands it out too, graded by nobody, and wants it in submissions."
            yield Fault(f"source/{assignment.name}/{path.name}", what, "Move it out of source/, or remove it.")


def answers(course: Course, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each exercise without a model answer that defines the exercise's classes."""
    where = f"solutions/{assignment.name}/{assignment.name}.py"
    try:
        parts = {part.replaces: part.source for part in read_parts((course.root / where).read_text(encoding="utf-8"))}
    except ValueError as error:
        yield Fault(where, f"It is no text in percent format: {error}.", "See autograder/submission/percent.py.")
        return
    for exercise in assignment.exercises:
        if exercise.name not in parts:
            yield Fault(where, f"It has no part {exercise.name}.", f"Add one that begins with # %% [{exercise.name}].")
        else:
            wanted = set(exercise.classes)
            yield from _without(wanted, parts[exercise.name], f"{where}, part {exercise.name}", "Add it to the part.")


def _without(wanted: set[str], source: str, where: str, remedy: str) -> Iterator[Fault]:
    """Yield a fault for each class that a source does not define."""
    tree = parse(source)
    if isinstance(tree, Unreadable):
        yield Fault(where, f"Python cannot read it: {tree.message}, in line {tree.line}.", "Mend it.")
        return
    defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for name in sorted(wanted - defined):
        yield Fault(where, f"It does not define the class {name}.", remedy)
