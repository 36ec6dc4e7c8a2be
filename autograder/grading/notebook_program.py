"""Makes the program that is run for one exercise: a submission's cells up to its check, as IPython would run them."""

import ast
from collections.abc import Sequence

from autograder.grading.reference import Reference
from autograder.grading.student_part import StudentPart
from autograder.report.places import Place
from autograder.rubric.model import Assignment, Exercise, Hint
from autograder.submission.model import Cell
from autograder.submission.python_code import parse
from autograder.submission.stand_in import stand_in_for


def part_for(
    exercise: Exercise,
    cells: Sequence[Cell],
    assignment: Assignment,
    given_cells: Sequence[Cell] = (),
    stand_ins: Sequence[str] = (),
    *,
    whole: bool = False,
) -> StudentPart:
    """Lay out a notebook as it is when the check of an exercise is reached.

    A given cell runs first as the course's own, then as the student's, if that was changed: a cell that was deleted or
    broken is then no loss, and an import that was added counts.

    Args:
        cells: all code cells of the notebook, in order.
        given_cells: the course's own given cells.
        stand_ins: earlier exercises in whose place a stand-in comes, at their checks.
        whole: whether all cells count, as in a kernel that has run them.

    Raises:
        NoSuchClass: when a class of the exercise is nowhere in the notebook.
    """
    program: list[Cell] = [cell for cell in given_cells if not _has(cells, cell.grade_id)]
    stop = len(cells)
    last = {name: end_of(assignment.exercise(name), cells, assignment) for name in (exercise.name, *stand_ins)}
    if whole:
        last[exercise.name] = len(cells) - 1
    for index, cell in enumerate(cells):
        given = next((own for own in given_cells if own.grade_id == cell.grade_id), None)
        program += [given] if given and given.source.split() != cell.source.split() else []
        program.append(cell)
        program += [stand_in_for(assignment.exercise(name).stub) for name in stand_ins if last[name] == index]
        if last[exercise.name] == index:
            stop = len(program)
    return StudentPart.of(program, exercise.classes, stop)


def is_untouched(exercise: Exercise, cells: Sequence[Cell], assignment: Assignment, reference: Reference) -> bool:
    """Return whether an exercise is as it was handed out: its stub alone, and no other cell speaks of its classes."""
    stub = reference.stub(exercise.name).source.split()
    own = [cell for cell in cells if cell.grade_id == exercise.name]
    if len(own) != 1 or own[0].source.split() != stub:
        return False
    above = cells[: end_of(exercise, cells, assignment) + 1]
    others = [cell.source for cell in above if cell.grade_id is None and cell.source not in reference.handed_out]
    return not any(name in source for source in others for name in exercise.classes)


def below_its_check(exercise: Exercise, cells: Sequence[Cell], assignment: Assignment) -> Hint | None:
    """Return a hint that names the first class of an exercise that is defined below its check; None if none is."""
    for cell in cells[end_of(exercise, cells, assignment) + 1 :]:
        tree = parse(cell.source)
        for node in tree.body if isinstance(tree, ast.Module) else ():
            if isinstance(node, ast.ClassDef) and node.name in exercise.classes:
                place = Place.of(cell.grade_id, cell.source, node.lineno)
                return Hint("exercise.below_its_check", data={"name": node.name}, places=(place,))
    return None


def _has(cells: Sequence[Cell], grade_id: str | None) -> bool:
    return any(cell.grade_id == grade_id for cell in cells)


def end_of(exercise: Exercise, cells: Sequence[Cell], assignment: Assignment) -> int:
    """Return the index of the last cell that counts for an exercise.

    That is its check; where it was deleted, the cell before the next exercise begins.
    """
    checks = [index for index, cell in enumerate(cells) if cell.grade_id == exercise.check_cell]
    if checks:
        return checks[-1]
    names = [one.name for one in assignment.exercises]
    later = set(names[names.index(exercise.name) + 1 :])
    own = max((index for index, cell in enumerate(cells) if cell.grade_id == exercise.name), default=-1)
    ends = [index for index, cell in enumerate(cells) if index > own and cell.grade_id in later]
    return (ends[0] if ends else len(cells)) - 1
