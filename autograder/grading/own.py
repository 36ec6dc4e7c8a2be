"""The student's own runs and checks: all parts are theirs, and no code of the course's solutions is needed."""

import random
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.course import CourseError
from autograder.grading.judge import judge, not_defined, summary_of, unjudged
from autograder.grading.play import Play, play
from autograder.grading.progress import Progress, ProgressTeller
from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.report.model import ExerciseReport, RunSummary, Verdict
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.limits import Limits
from autograder.simulator.sandbox import Isolation
from autograder.simulator.scenario import Part, Scenario
from autograder.simulator.series import RunSeries
from autograder.submission.model import Cell

Tell = Callable[[Progress], None]

_CLASS = re.compile(r"^\s*class (\w+)", re.MULTILINE)

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
    student, problem = _laid_out(cells, assignment, (executor_class, controller_class))
    if student is None:
        return OwnRun(None, {}, problem)
    scenario = _exercise_of(assignment, executor_class).own_play(student.part)
    executors = dict.fromkeys(scenario.executors, student.part(executor_class))
    scenario = replace(scenario, controller=student.part(controller_class), executors=executors, barrier=barrier)
    played = _play(scenario, student, tell)
    absent = not_defined([played.played])
    problem = f"No cell defines the class {absent}. {student.why_absent(absent)}" if absent else ""
    return OwnRun(None if absent else summary_of(played), _raw_logs([played]), problem or played.trouble)


@dataclass(frozen=True)
class OwnCheck:
    """The report of an exercise on a run of the student's classes, and the logs of that run, as in `OwnRun`."""

    report: ExerciseReport
    raw_logs: dict[str, str]


def check_own(
    cells: Sequence[Cell], exercise: Exercise, assignment: Assignment, *, tell: Tell | None = None
) -> OwnCheck:
    """Judge an exercise on runs of the student's own classes.

    Where grading needs no reference peers these are the scenarios for grading; else it is a run in which all parts are
    the student's.
    """
    try:
        student = StudentPart.of(_named(cells, assignment), exercise.classes)
    except NoSuchClass as error:
        return OwnCheck(unjudged(exercise, Verdict.NOT_PASSED, str(error), error.hint), {})
    plays: list[Play] = []
    for scenario in _scenarios(exercise, student):
        plays.append(_play(scenario, student, tell))
        if plays[-1].trouble:
            break
    return OwnCheck(judge(exercise, plays, student), _raw_logs(plays))


def _scenarios(exercise: Exercise, student: StudentPart) -> tuple[Scenario, ...]:
    if not exercise.self_contained:
        return (exercise.own_play(student.part),)
    seed = secrets.randbits(32)
    return exercise.cross_play(Cast(student.part, _no_peer, random.Random(seed), seed))


def _no_peer(class_name: str, arguments: dict[str, Any]) -> Part:
    raise CourseError(f"the exercise says that it needs no reference peers, and asks for {class_name}")


def _laid_out(cells: Sequence[Cell], assignment: Assignment, classes: Sequence[str]) -> tuple[StudentPart | None, str]:
    try:
        return StudentPart.of(_named(cells, assignment), classes), ""
    except NoSuchClass as error:
        return None, f"{error} {error.hint}"


def _named(cells: Sequence[Cell], assignment: Assignment) -> list[Cell]:
    """The cells with the names that the notebook gives them, of which a kernel does not know and which hints use."""
    names = {name: exercise.name for exercise in assignment.exercises for name in exercise.classes}
    return [
        Cell(next((names[found] for found in _CLASS.findall(cell.source) if found in names), None), cell.source)
        for cell in cells
    ]


def _play(scenario: Scenario, student: StudentPart, tell: Tell | None) -> Play:
    # It is the student's own code on the student's own machine: no sandbox, so it is the same on every system.
    limits = OWN_LIMITS if scenario.barrier else RACE_LIMITS
    watcher = ProgressTeller(scenario, tell, limits).watcher if tell else None
    with RunSeries(Isolation.NONE) as series:
        return play(scenario, student.locate, series=series, limits=limits, watcher=watcher)


def _exercise_of(assignment: Assignment, executor_class: str) -> Exercise:
    """The exercise that asks for a class, else the one with which nothing is expected of the server."""
    named = (exercise for exercise in assignment.exercises if executor_class in exercise.classes)
    return next(named, assignment.exercises[0])


def _raw_logs(plays: Sequence[Play]) -> dict[str, str]:
    """The logs of each party. Of several runs the last one counts in which the party runs the student's code."""
    logs: dict[str, str] = {}
    for one in plays:
        lines: dict[str, list[str]] = {}
        for line in one.played.evidence.log_lines:
            parts = [line.time, line.logger, line.level, line.context, line.text]
            lines.setdefault(line.site, []).append(" - ".join(part for part in parts if part))
        own = one.played.scenario.students
        logs |= {site: "\n".join(told) for site, told in lines.items() if site not in logs or site in own}
    return logs
