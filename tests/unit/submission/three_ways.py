"""Runs whole notebooks in a kernel, as the own check does and as grading does: what is there at each check."""

from types import ModuleType
from typing import Any

import nvflare.app_common.workflows  # noqa: F401  # imported once, for all that are forked

from autograder.assignments import load
from autograder.grading.notebook_program import part_for
from autograder.grading.reference import Reference
from autograder.grading.self_check import _named
from autograder.grading.student_part import StudentPart
from autograder.notebook.history import History
from autograder.simulator.parties.kernel_names import nothing
from autograder.submission.model import Cell
from autograder.submission.read import from_notebook
from autograder.submission.released import released_cells
from tests.tools.course_folder import CHECKOUT
from tests.unit.submission.both_ways import (
    answer_in_a_clean_process,
    found,
    in_a_process,
    put_in_place,
    run_by_ipython,
    run_by_party,
    the_shell,
)

ASSIGNMENT = load("p2p_communication")
REFERENCE = Reference.of(CHECKOUT, ASSIGNMENT)


def in_kernel(sources: list[str]) -> dict[str, Any]:
    """Run cells in a kernel, and return for each check what is there and what the history has taken down."""
    shell, history, told = the_shell(), History(), {}
    history.watch(shell)

    def check(name: str) -> float:
        told[name] = [found(shell.user_ns, [])["names"], [cell.source for cell in history.cells()]]
        return 0.0

    helpers = ModuleType("autograder.notebook")
    helpers.__dict__.update(check=check, run=nothing, raw_log=nothing, export_script=nothing)
    put_in_place(helpers)
    run_by_ipython(sources)
    return told


def three_ways(book: dict[str, Any]) -> dict[str, Any]:
    """Return for each exercise what is there at its check: in a kernel, in the own check, in grading."""
    cells = from_notebook(book, ASSIGNMENT, released_cells(CHECKOUT, ASSIGNMENT.name)).cells
    answers = {}
    for name, (names, own) in in_a_process(in_kernel, [cell.source for cell in cells]).items():
        exercise = ASSIGNMENT.exercise(name)
        checked = StudentPart.of(_named([Cell(None, source) for source in own], ASSIGNMENT), exercise.classes)
        graded = part_for(exercise, cells, ASSIGNMENT, REFERENCE.given)
        runs = [in_a_process(run_by_party, part.program, exercise.classes[-1]) for part in (checked, graded)]
        answers[name] = [names, *runs]
    return answers


if __name__ == "__main__":
    answer_in_a_clean_process(three_ways)
