"""Verifies that a release is complete: given cells, an exercise's stub, check cell, points, and hints of its checks."""

import ast
from collections.abc import Iterator
from typing import Any

from autograder.release.fault import Fault
from autograder.rubric.model import Assignment, Exercise
from autograder.submission.python_code import Unreadable, parse
from autograder.submission.stand_in import stand_in_for

Notebook = dict[str, Any]


def given_cells(notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each cell that exercises rely on and that is missing, not code, or unlocked."""
    for grade_id in assignment.given:
        cell = cell_of(notebook, grade_id)
        if cell is None or cell["cell_type"] != "code":
            yield Fault(f"cell {grade_id}", "There is no code cell of this name.", "Add it: exercises rely on it.")
        else:
            yield from _unlocked(cell, grade_id)


def stubs(notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each exercise whose solution cell is missing, no stub, or solved already."""
    for exercise in assignment.exercises:
        where = f"cell {exercise.name}"
        cell = cell_of(notebook, exercise.name)
        if cell is None or not cell["metadata"]["nbgrader"].get("solution"):
            yield Fault(where, "There is no solution cell of this name.", "Add it, marked as solution.")
            continue
        tree = parse(cell["source"])
        if isinstance(tree, Unreadable):
            yield Fault(where, f"Python cannot read it: {tree.message}.", "A stub has to be valid Python.")
            continue
        yield from _faults_of_stub(where, tree, exercise)
        if any(exercise.name in later.needs for later in assignment.exercises):
            yield from _faults_of_stand_in(cell["source"], exercise)


def check_cells(notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each exercise without a check cell, or with other points there than in its rubric."""
    for exercise in assignment.exercises:
        where = f"cell {exercise.check_cell}"
        cell = cell_of(notebook, exercise.check_cell)
        if cell is None or not cell["metadata"]["nbgrader"].get("grade"):
            yield Fault(where, "There is no check cell of this name.", "Add it, marked as autograder tests.")
            continue
        yield from _unlocked(cell, exercise.check_cell)
        points = cell["metadata"]["nbgrader"].get("points")
        if not points or points != exercise.max_points:
            what = f"It has {points} points, and the rubric {exercise.max_points:g}."
            yield Fault(where, what, "Make both equal, and more than 0.")
        if not _checks(cell["source"], exercise.name):
            yield Fault(where, "It does not check its exercise.", f'Let it call course.check("{exercise.name}").')


def by_nobody(notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each cell with tests of nbgrader's that no exercise has for its check cell."""
    checked = {exercise.check_cell for exercise in assignment.exercises}
    for told in _told(notebook):
        if told.get("grade") and not told.get("solution") and told.get("grade_id") not in checked:
            yield Fault(
                f"cell {told['grade_id']}",
                f"It is worth {told.get('points')} points, but no exercise has it for its check cell: nothing runs it.",
                "Make it the check cell of an exercise, a manually graded answer, or take it out.",
            )


def by_hand(notebook: Notebook, assignment: Assignment) -> dict[str, float]:
    """Return the points of the cells for which only a person can give any, by name."""
    checked = {exercise.check_cell for exercise in assignment.exercises}
    return {
        told["grade_id"]: float(told.get("points") or 0)
        for told in _told(notebook)
        if (told.get("grade") or told.get("task")) and told["grade_id"] not in checked
    }


def _told(notebook: Notebook) -> Iterator[dict[str, Any]]:
    return (told for cell in notebook["cells"] if (told := cell["metadata"].get("nbgrader")))


def rubric(assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each check without points, or that gives points or no hint without evidence."""
    for exercise in assignment.exercises:
        if not exercise.checks:
            yield Fault(f"exercise {exercise.name}", "It has no checks.", "Write its rubric.")
        for check in exercise.checks:
            where = f"exercise {exercise.name}, check {check.name}"
            if check.points <= 0:
                yield Fault(where, "It has no points.", "Give it some, or take it out.")
            finding = check.judge([])
            if finding.passed:
                yield Fault(where, "It is passed when there is no evidence at all.", "Let it ask for evidence.")
            elif not finding.hint:
                yield Fault(where, "It gives no hint.", "Say what the student should look at.")


def cell_of(notebook: Notebook, grade_id: str) -> dict[str, Any] | None:
    """Return the cell with this ``grade_id``, or None."""
    return next((c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id), None)


def _checks(source: str, exercise: str) -> bool:
    """Tell whether code calls ``check`` with an exercise's name, however it is written."""
    tree = parse(source)
    calls = [] if isinstance(tree, Unreadable) else [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(_called(one) == "check" and [ast.unparse(a) for a in one.args] == [repr(exercise)] for one in calls)


def _called(call: ast.Call) -> str:
    """Return the last name of what is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def _unlocked(cell: dict[str, Any], grade_id: str) -> Iterator[Fault]:
    if not cell["metadata"]["nbgrader"].get("locked"):
        yield Fault(f"cell {grade_id}", "Students can change it.", "Mark it as read-only, or as autograder tests.")


def _faults_of_stub(where: str, tree: ast.Module, exercise: Exercise) -> Iterator[Fault]:
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in _besides(tree.body, ast.Import, ast.ImportFrom):
        if not isinstance(node, ast.ClassDef) or node.name not in exercise.classes:
            what = f"Its line {node.lineno} belongs to no class that students fill in."
            yield Fault(where, what, "Move it to a cell of its own, or take it out.")
    for name in exercise.classes:
        if name not in classes:
            yield Fault(where, f"It does not define the class {name}.", "Add it, with stubs for its methods.")
            continue
        methods = [node for node in classes[name].body if isinstance(node, ast.FunctionDef)]
        if not methods:
            yield Fault(where, f"The class {name} has no method to fill in.", "Add a stub.")
        for method in methods:
            if not _is_stub(method):
                what = f"{name}.{method.name} is no stub: it does more than raise NotImplementedError."
                yield Fault(where, what, "Leave nothing but the docstring and raise NotImplementedError().")
        for node in _besides(classes[name].body, ast.FunctionDef, ast.Pass):
            what = f"The class {name} has more than stubs in it, in line {node.lineno} of the cell."
            yield Fault(where, what, "Move it to a given cell, or take it out.")


def _faults_of_stand_in(stub: str, exercise: Exercise) -> Iterator[Fault]:
    """Yield a fault when the stand-in of a needed exercise differs from its cell in the notebook."""
    if isinstance(parse(exercise.stub), Unreadable) or stand_in_for(exercise.stub) != stand_in_for(stub):
        what = "Later exercises need it, and its stub there has other classes, methods or arguments than its cell."
        yield Fault(f"exercise {exercise.name}", what, "Copy its classes to there.")


def _besides(body: list[ast.stmt], *kinds: type[ast.stmt]) -> list[ast.stmt]:
    """Return the statements that are neither of these kinds nor docstrings."""
    return [
        node
        for node in body
        if not isinstance(node, kinds) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]


def _is_stub(method: ast.FunctionDef) -> bool:
    body = _besides(method.body)
    return len(body) == 1 and isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.unparse(body[0])
