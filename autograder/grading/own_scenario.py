"""The scenario of a student's own run: the author's `own_play`, with the classes that the student names."""

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from autograder.course import CourseError
from autograder.grading.student_part import MODULE_NAME
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.network.faults import Fault, FaultPlan
from autograder.simulator.scenario import Part, Scenario


def own_scenario(assignment: Assignment, executor: str, controller: str, student: Callable[[str], Part]) -> Scenario:
    """Return what runs when a student names an executor and a controller.

    All that the author declares stays: other kinds of sites, constructor arguments, faults, what is expected.

    Args:
        controller: its name; empty for the one that the author declares. The one that the assignment gives is made
            without the arguments of another one.
        student: makes the part that runs a class of the student's notebook.
    """
    exercise = exercise_of(assignment, executor)
    scenario = exercise.own_play(student)
    own = _kind_of(exercise, scenario, executor)
    executors = {
        site: _named(part, executor, student) if part.class_name == own else part
        for site, part in scenario.executors.items()
    }
    return replace(scenario, controller=_server(assignment, scenario, controller, student), executors=executors)


def _server(assignment: Assignment, scenario: Scenario, name: str, student: Callable[[str], Part]) -> Part:
    """Return what the server runs to be a controller of this name.

    One for which an exercise asks is the one of that exercise, with the arguments that it declares.
    """
    declared = scenario.controller
    if name in ("", declared.class_name):
        return declared
    if name == assignment.controller:
        return student(name)
    asking = next((one for one in assignment.exercises if name in one.classes), None)
    own = asking.own_play(student).controller if asking else declared
    return own if own.class_name == name else replace(student(name), arguments=declared.arguments)


def with_faults(scenario: Scenario, faults: Sequence[Fault], seed: int) -> Scenario:
    """Return a scenario with other faults of the network, drawn from a seed."""
    return replace(scenario, faults=FaultPlan(tuple(faults), seed), seed=seed)


def as_race(scenario: Scenario) -> Scenario:
    """Return a scenario without the start barrier, in which one site, another one each time, starts later.

    On one machine all sites get ready in almost the same moment, so it would depend on the machine whether a message is
    lost. In production nobody starts at the same moment.
    """
    return replace(scenario, barrier=False, late=secrets.choice(sorted(scenario.executors)))


def scenarios_of_check(exercise: Exercise, student: Callable[[str], Part], seed: int) -> tuple[Scenario, ...]:
    """Return the scenarios that a student's own check of an exercise plays, made from a seed."""
    if not exercise.self_contained:
        return (exercise.own_play(student),)
    return exercise.cross_play(Cast(student, _no_peer, random.Random(seed), seed))


def played_again(
    assignment: Assignment, executor: str, name: str, student: Callable[[str], Part], seed: int
) -> Scenario | None:
    """Return the scenario of this name that a check has played with a seed; None when there is none of this name.

    Args:
        executor: takes the place of the exercise's own class.
    """
    exercise = exercise_of(assignment, executor)
    found = {scenario.name: scenario for scenario in scenarios_of_check(exercise, student, seed)}
    if name not in found:
        return None
    own = _kind_of(exercise, found[name], executor)
    parts = found[name].executors.items()
    executors = {site: _named(part, executor, student) if part.class_name == own else part for site, part in parts}
    return replace(found[name], executors=executors)


def names_of_check(assignment: Assignment, executor: str) -> tuple[str, ...]:
    """Return the names of the runs that the check of a class plays."""
    return tuple(one.name for one in scenarios_of_check(exercise_of(assignment, executor), of_student, 0))


def _no_peer(class_name: str, arguments: dict[str, Any]) -> Part:
    raise CourseError(f"the exercise says that it needs no reference peers, and asks for {class_name}")


def of_student(name: str) -> Part:
    """Return the part of a class of the student's without its code, for what asks only who runs which class."""
    return Part(MODULE_NAME, name)


def classes_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the classes of the student's that a scenario needs, each once."""
    parts = (*scenario.executors.values(), scenario.controller)
    return tuple(dict.fromkeys(part.class_name for part in parts if part.module == MODULE_NAME))


def _named(part: Part, name: str, student: Callable[[str], Part]) -> Part:
    """Return the class of this name in place of a part, with its arguments."""
    return part if part.class_name == name else replace(student(name), arguments=part.arguments)


def _kind_of(exercise: Exercise, scenario: Scenario, executor: str) -> str:
    """Return the class of the scenario's sites whose place an executor takes: itself, the exercise's, or the first."""
    played = [part.class_name for part in scenario.executors.values()]
    return next((name for name in (executor, *exercise.classes) if name in played), played[0])


def exercise_of(assignment: Assignment, executor: str) -> Exercise:
    """Return the exercise that asks for a class, else the one with which nothing is expected of the server."""
    named = (exercise for exercise in assignment.exercises if executor in exercise.classes)
    return next(named, assignment.exercises[0])
