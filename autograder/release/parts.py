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
        f"source/{name}/{name}.ipynb": "file.no_notebook",
        f"solutions/{name}/{name}.py": "file.no_answers",
    }
    return [Fault(place, code) for place, code in needed.items() if not (course.root / place).is_file()]


def other_notebooks(course: Course, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each further notebook in the source's folder, of which nbgrader would make a release too."""
    folder = course.root / "source" / assignment.name
    for path in sorted(folder.glob("*.ipynb")):
        if path.stem != assignment.name:
            yield Fault(f"source/{assignment.name}/{path.name}", "file.second_notebook")


def answers(course: Course, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each exercise without a model answer that defines the exercise's classes."""
    where = f"solutions/{assignment.name}/{assignment.name}.py"
    try:
        parts = {part.replaces: part.source for part in read_parts((course.root / where).read_text(encoding="utf-8"))}
    except ValueError as error:
        yield Fault(where, "file.no_percent_format", {"error": str(error)})
        return
    for exercise in assignment.exercises:
        if exercise.name not in parts:
            data = {"part": exercise.name, "begins": f"# %% [{exercise.name}]"}
            yield Fault(where, "answers.no_part", data)
        else:
            wanted = set(exercise.classes)
            yield from _without(wanted, parts[exercise.name], f"{where}, part {exercise.name}")


def _without(wanted: set[str], source: str, where: str) -> Iterator[Fault]:
    """Yield a fault for each class that a source does not define."""
    tree = parse(source)
    if isinstance(tree, Unreadable):
        yield Fault(where, "file.unreadable", {"message": tree.message, "line": tree.line})
        return
    defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for name in sorted(wanted - defined):
        yield Fault(where, "answers.no_class", {"name": name})
