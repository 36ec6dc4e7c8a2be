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
            yield Fault(f"cell {grade_id}", "cell.no_code")
        else:
            yield from _unlocked(cell, grade_id)


def stubs(notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each exercise whose solution cell is missing, no stub, or solved already."""
    for exercise in assignment.exercises:
        where = f"cell {exercise.name}"
        cell = cell_of(notebook, exercise.name)
        if cell is None or not cell["metadata"]["nbgrader"].get("solution"):
            yield Fault(where, "stub.missing")
            continue
        tree = parse(cell["source"])
        if isinstance(tree, Unreadable):
            yield Fault(where, "stub.unreadable", {"message": tree.message})
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
            yield Fault(where, "check_cell.missing")
            continue
        yield from _unlocked(cell, exercise.check_cell)
        points = cell["metadata"]["nbgrader"].get("points")
        if not points or points != exercise.max_points:
            told = {"points": str(points), "rubric": f"{exercise.max_points:g}"}
            yield Fault(where, "check_cell.points", told)
        if not _checks(cell["source"], exercise.name):
            yield Fault(where, "check_cell.no_check", {"exercise": exercise.name})


def by_nobody(notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    """Yield a fault for each cell with tests of nbgrader's that no exercise has for its check cell."""
    checked = {exercise.check_cell for exercise in assignment.exercises}
    for told in _told(notebook):
        if told.get("grade") and not told.get("solution") and told.get("grade_id") not in checked:
            yield Fault(f"cell {told['grade_id']}", "cell.checked_by_nobody", {"points": str(told.get("points"))})


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
            yield Fault(f"exercise {exercise.name}", "rubric.no_checks")
        for check in exercise.checks:
            where = f"exercise {exercise.name}, check {check.name}"
            if check.points <= 0:
                yield Fault(where, "check.no_points")
            finding = check.judge([])
            if finding.passed:
                yield Fault(where, "check.no_evidence")
            elif not finding.hint:
                yield Fault(where, "check.no_hint")


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
        yield Fault(f"cell {grade_id}", "cell.unlocked")


def _faults_of_stub(where: str, tree: ast.Module, exercise: Exercise) -> Iterator[Fault]:
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in _besides(tree.body, ast.Import, ast.ImportFrom):
        if not isinstance(node, ast.ClassDef) or node.name not in exercise.classes:
            yield Fault(where, "stub.besides", {"line": node.lineno})
    for name in exercise.classes:
        if name not in classes:
            yield Fault(where, "stub.no_class", {"name": name})
            continue
        methods = [node for node in classes[name].body if isinstance(node, ast.FunctionDef)]
        if not methods:
            yield Fault(where, "stub.no_method", {"name": name})
        for method in methods:
            if not _is_stub(method):
                yield Fault(where, "stub.solved", {"method": f"{name}.{method.name}"})
        for node in _besides(classes[name].body, ast.FunctionDef, ast.Pass):
            yield Fault(where, "stub.more", {"name": name, "line": node.lineno})


def _faults_of_stand_in(stub: str, exercise: Exercise) -> Iterator[Fault]:
    """Yield a fault when the stand-in of a needed exercise differs from its cell in the notebook."""
    if isinstance(parse(exercise.stub), Unreadable) or stand_in_for(exercise.stub) != stand_in_for(stub):
        yield Fault(f"exercise {exercise.name}", "stub.other_stand_in")


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
