"""The student's own runs and checks: all parts are theirs, and no code of the course's solutions is needed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autograder.grading.judge import judge, summary_of, unjudged
from autograder.grading.module_part import BrokenModule, ModulePart
from autograder.grading.play import Play, play
from autograder.grading.progress import Progress, ProgressTeller
from autograder.report.model import ExerciseReport, RunSummary, Verdict
from autograder.rubric.model import Assignment, Exercise
from autograder.simulator.limits import Limits
from autograder.simulator.sandbox import Isolation
from autograder.simulator.scenario import Scenario
from autograder.submission.model import Cell

Tell = Callable[[Progress], None]

_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)

OWN_LIMITS = Limits(start=60.0, exercise=40.0, settle=8.0)
"""A student's machine runs one simulator at a time, so a run that takes longer is one that hangs."""

RACE_LIMITS = replace(OWN_LIMITS, settle=2.0)
"""Without the start barrier messages get lost for good: there is little to wait for."""


@dataclass(frozen=True)
class OwnRun:
    """A run of the student's classes.

    Attributes:
        raw_logs: each party's log, as NVFlare writes it to ``log.json``, in readable lines.
        problem: why there was no run that could be shown, for the student; empty when there was one.
    """

    summary: RunSummary | None
    raw_logs: dict[str, str]
    problem: str = ""


def run_own(
    cells: Sequence[Cell],
    assignment: Assignment,
    executor_class: str,
    controller_class: str,
    *,
    barrier: bool = True,
    tell: Tell | None = None,
) -> OwnRun:
    """Run a student's executor at all sites under a controller, and return what happened.

    Args:
        cells: the notebook's code cells, the given ones included.
        barrier: whether the course's start barrier runs first.
        tell: is called while the run goes on.
    """
    try:
        module = ModulePart.of(_named(cells, assignment), (executor_class, controller_class))
    except BrokenModule as error:
        return OwnRun(None, {}, f"{error} {error.hint}")
    exercise = _exercise_of(assignment, executor_class)
    scenario = exercise.own_play(module.part)
    scenario = _with_classes(scenario, module, executor_class, controller_class, barrier)
    played = _play(scenario, module, tell)
    return OwnRun(summary_of(played), _raw_logs(played), played.trouble)


@dataclass(frozen=True)
class OwnCheck:
    """The report of an exercise on a run of the student's classes, and the logs of that run, as in `OwnRun`."""

    report: ExerciseReport
    raw_logs: dict[str, str]


def check_own(
    cells: Sequence[Cell], exercise: Exercise, assignment: Assignment, *, tell: Tell | None = None
) -> OwnCheck:
    """Judge an exercise on a run in which all parts are the student's."""
    try:
        module = ModulePart.of(_named(cells, assignment), assignment.classes_for(exercise))
    except BrokenModule as error:
        return OwnCheck(unjudged(exercise, Verdict.NOT_PASSED, str(error), error.hint), {})
    played = _play(exercise.own_play(module.part), module, tell)
    return OwnCheck(judge(exercise, [played]), _raw_logs(played))


def _named(cells: Sequence[Cell], assignment: Assignment) -> list[Cell]:
    """The cells with the names that the notebook gives them, of which a kernel does not know and which hints use."""
    names = {name: exercise.name for exercise in assignment.exercises for name in exercise.classes}
    return [
        Cell(next((names[found] for found in _CLASS.findall(cell.source) if found in names), None), cell.source)
        for cell in cells
    ]


def _play(scenario: Scenario, module: ModulePart, tell: Tell | None) -> Play:
    # It is the student's own code on the student's own machine: no sandbox, so it is the same on every system.
    limits = OWN_LIMITS if scenario.barrier else RACE_LIMITS
    watcher = ProgressTeller(scenario, tell, limits).watcher if tell else None
    return play(scenario, module.locate, isolation=Isolation.NONE, limits=limits, watcher=watcher)


def _exercise_of(assignment: Assignment, executor_class: str) -> Exercise:
    """The exercise that asks for a class, else the one with which nothing is expected of the server."""
    named = (exercise for exercise in assignment.exercises if executor_class in exercise.classes)
    return next(named, assignment.exercises[0])


def _with_classes(
    scenario: Scenario, module: ModulePart, executor_class: str, controller_class: str, barrier: bool
) -> Scenario:
    executors = {site: module.part(executor_class) for site in scenario.executors}
    return Scenario(
        scenario.name,
        module.part(controller_class),
        executors,
        scenario.students,
        scenario.expected,
        scenario.seed,
        barrier,
    )


def _raw_logs(played: Play) -> dict[str, str]:
    logs: dict[str, list[str]] = {}
    for line in played.played.evidence.log_lines:
        parts = [line.time, line.logger, line.level, line.context, line.text]
        logs.setdefault(line.site, []).append(" - ".join(part for part in parts if part))
    return {site: "\n".join(lines) for site, lines in logs.items()}
