"""Checking an exercise in the notebook: shown for the student, a number for nbgrader."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from autograder.grading.self_check import check_own
from autograder.notebook.assignments import all_assignments
from autograder.notebook.attempts import Attempt
from autograder.notebook.classes import definitions, require
from autograder.notebook.overview import overview
from autograder.notebook.running import assignment_of, warn_of_stubs
from autograder.notebook.session import Session, validating
from autograder.notebook.show import Shown, notice, rubric, summary
from autograder.notebook.user_errors import WIDTH, NotReady, NotYet
from autograder.report import text, words
from autograder.report.model import ExerciseReport, Verdict
from autograder.rubric.model import Assignment, Exercise


def checked(session: Session, name: str) -> float:
    """Check an exercise, show its rubric, and return its points.

    Raises:
        NotReady: when there is nothing to check.
        NotYet: under Validate, when it has not all points. Validate shows the message of an error and nothing else.
    """
    cells = session.cells
    assignment, exercise = find(name, session.namespace)
    tried = definitions(cells)  # a cell that raised may have lacked what an earlier exercise defines
    require([name for name in exercise.classes if name not in tried], session.namespace)
    warn_of_stubs(exercise.classes, cells)
    with session.live() as live:
        outcome = check_own(cells, exercise, assignment, tell=live, known=session.known, standby=session.standby)
        session.raw_logs = dict(outcome.raw_logs)
        live.finish(_shown(outcome.report, exercise, outcome.faulty))
    if not validating() and (attempt := Attempt.of(outcome.report, datetime.now().astimezone())):
        session.remember(attempt, assignment)
    return _points(outcome.report)


def progress_of(session: Session) -> Shown:
    """Return the overview of the exercises of the notebook's assignment.

    Raises:
        NotReady: outside of a notebook, or when an assignment cannot be loaded.
    """
    session.require_notebook()
    assignment = assignment_of("", session.namespace)
    attempts, where_kept = session.attempts(assignment)
    return overview(assignment, attempts, where_kept)


def _shown(report: ExerciseReport, exercise: Exercise, faulty: Iterable[tuple[str, int]]) -> Shown:
    shown = rubric(report)
    if report.verdict is not Verdict.PASSED:
        for run in words.telling_first(report.runs):
            shown += summary(run)
        for name, seed in faulty:
            call = f'course.run({exercise.classes[0]}, faults="{name}", seed={seed})'
            shown += notice(f"To see the same faults of the network again: {call}")
    return shown


def _points(report: ExerciseReport) -> float:
    if report.verdict is not Verdict.PASSED and validating():
        raise NotYet(text.exercise(report, WIDTH))
    return float(report.points)


def find(name: str, namespace: Mapping[str, object]) -> tuple[Assignment, Exercise]:
    """Return the exercise of this name, and its assignment.

    Args:
        namespace: the notebook's, whose classes tell its assignment.

    Raises:
        NotReady: when there is none; the message lists those of the notebook's assignment.
    """
    for assignment in all_assignments():
        for exercise in assignment.exercises:
            if name in (exercise.name, exercise.check_cell):
                return assignment, exercise
    own = assignment_of("", namespace)
    known_names = ", ".join(f'"{exercise.name}"' for exercise in own.exercises)
    raise NotReady(f"There is no exercise {name!r:.60}. Pass one of these names: {known_names}.")
