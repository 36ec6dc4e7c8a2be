"""Running a student's classes, and showing what happened."""

import secrets
from collections.abc import Mapping

from autograder.grading.self_check import Faults, OwnRun, run_own
from autograder.notebook.assignments import all_assignments
from autograder.notebook.classes import (
    CONTROLLER,
    EXECUTOR,
    inherited_stubs,
    name_of,
    newest,
    require,
    stub_message,
    stubs,
)
from autograder.notebook.session import Session, show
from autograder.notebook.show import Shown, notice, say, summary
from autograder.notebook.user_errors import NotReady
from autograder.report.sanitize import visible
from autograder.report.words import INFRASTRUCTURE_NOTE
from autograder.rubric.model import Assignment
from autograder.submission.model import Cell

_MOST_LOG = 200_000
"""Characters of a log that are printed: a browser copes with them."""


def run_classes(
    session: Session,
    executor_class: object,
    controller_class: object,
    *,
    barrier: bool,
    faults: Faults = None,
    seed: int | None = None,
) -> None:
    """Run the classes, show what happened as it happens, and what came of it in the end.

    Args:
        seed: from which faults are drawn; a new one, which is shown, when None.

    Raises:
        NotReady: when there is nothing that could run.
    """
    cells, namespace = session.cells, session.namespace
    is_newest = executor_class is None
    executor = newest(EXECUTOR, cells, namespace) if is_newest else name_of(executor_class, EXECUTOR, namespace)
    assignment = assignment_of(executor, namespace)
    controller = assignment.controller if controller_class is None else name_of(controller_class, CONTROLLER, namespace)
    require(filter(None, (executor, controller)), namespace)
    warn_of_stubs((executor,), cells)
    if unsolved := inherited_stubs(executor, cells):
        raise NotReady(f"{executor} builds on an exercise that is not solved yet. {stub_message(unsolved)}")
    with session.live() as live:
        drawn = secrets.randbits(32) if seed is None else seed
        outcome = run_own(
            cells,
            assignment,
            executor,
            controller,
            barrier=barrier,
            faults=faults,
            seed=drawn,
            tell=live,
            standby=session.standby,
        )
        session.raw_logs = dict(outcome.raw_logs)
        live.finish(_shown(outcome, session))


def _shown(outcome: OwnRun, session: Session) -> Shown:
    if outcome.summary is None:
        return notice(outcome.problem)
    shown = summary(outcome.summary) + _where_the_log_is(session)
    return notice(f"{INFRASTRUCTURE_NOTE} ({outcome.problem})") + shown if outcome.problem else shown


def warn_of_stubs(names: tuple[str, ...], cells: list[Cell]) -> None:
    """Say which methods are still stubs.

    Raises:
        NotReady: when nothing else is there, so that a run would show nothing.
    """
    found, all_there_is = stubs(names, cells)
    if all_there_is:
        raise NotReady(stub_message(found))
    if found:
        show(notice(stub_message(found)))


def assignment_of(class_name: str, namespace: Mapping[str, object]) -> Assignment:
    """Return the assignment that asks for a class, else the one of which the notebook defines the most classes.

    Raises:
        NotReady: when one of them cannot be loaded.
    """
    assignments = all_assignments()
    asking = (one for one in assignments if any(class_name in exercise.classes for exercise in one.exercises))
    return next(asking, max(assignments, key=lambda one: len(_classes_of(one) & namespace.keys())))


def _classes_of(assignment: Assignment) -> set[str]:
    return {*assignment.given_classes, *(name for exercise in assignment.exercises for name in exercise.classes)}


def _where_the_log_is(session: Session) -> Shown:
    calls = ", ".join(f'course.raw_log("{visible(site, 40)}")' for site in sorted(session.raw_logs))
    return notice(f"The whole log of each party: {calls}" if calls else "This run left no log.")


def print_log(session: Session, site: str) -> None:
    """Print the raw log of a party of the last run.

    Raises:
        NotReady: when there is none.
    """
    if not session.raw_logs:
        raise NotReady("There is no log yet: run your classes first, with course.run(...).")
    if site not in session.raw_logs:
        raise NotReady(f"The last run has no log of {site!r:.60}. It has: {', '.join(sorted(session.raw_logs))}.")
    log = session.raw_logs[site]
    if len(log) > _MOST_LOG:
        say(f"… the first {len(log) - _MOST_LOG} characters are left out")
    for line in log[-_MOST_LOG:].split("\n"):
        say(visible(line, limit=5000))
