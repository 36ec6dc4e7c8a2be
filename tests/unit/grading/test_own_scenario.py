"""What a student's own run takes over of the scenario that the author declares."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder import assignments
from autograder.grading.own_scenario import (
    classes_of,
    names_of_check,
    of_student,
    own_scenario,
    played_again,
    scenarios_of_check,
    with_faults,
)
from autograder.rubric.matchers import Anything
from autograder.rubric.model import Assignment
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.scenario import SERVER, Expected, Part, Scenario

P2P = assignments.load("p2p_communication")
RELIABLE = assignments.load("reliable_messaging")
FAULTS = FaultPlan((Fault(FaultKind.DROP, nths=(1,)),), seed=7)
EXPECTED = (Expected("hub", SERVER, "sum", Anything("sum")),)


def _star(student: Callable[[str], Part]) -> Scenario:
    """A hub that is told its rounds, and four nodes that are each told a value."""
    nodes = {f"node-{n}": replace(student("Node"), arguments={"value": n}) for n in range(4)}
    hub = replace(student("Hub"), arguments={"rounds": 3})
    controller = replace(student("Given"), arguments={"task": "average"})
    return Scenario(
        "own",
        controller,
        {"hub": hub, **nodes},
        frozenset({"hub", *nodes}),
        EXPECTED,
        tasks={"average": ("hub",)},
        faults=FAULTS,
    )


def _assignment() -> Assignment:
    exercise = replace(P2P.exercises[0], classes=("Node", "Hub"), own_play=_star)
    return replace(P2P, exercises=(exercise,))


def test_a_class_that_the_exercise_asks_for_changes_nothing() -> None:
    for name in ("Node", "Hub"):
        assert own_scenario(_assignment(), name, "Given", of_student) == _star(of_student)


def test_another_class_takes_the_place_of_one_kind_of_sites_and_its_arguments() -> None:
    declared, scenario = _star(of_student), own_scenario(_assignment(), "Mine", "Given", of_student)

    assert scenario == replace(declared, executors=scenario.executors)
    assert scenario.executors["hub"] == declared.executors["hub"]
    assert scenario.executors["node-2"] == Part("submission", "Mine", arguments={"value": 2})
    assert classes_of(scenario) == ("Hub", "Mine", "Given")


def test_another_controller_gets_the_arguments_too() -> None:
    scenario = own_scenario(_assignment(), "Node", "Mine", of_student)
    assert scenario.controller == Part("submission", "Mine", arguments={"task": "average"})


def test_a_controller_that_another_exercise_asks_for_gets_the_arguments_declared_there() -> None:
    def declared(student: Callable[[str], Part]) -> Scenario:
        return replace(_star(student), controller=replace(student("Asked"), arguments={"graph": {"hub": []}}))

    asking = replace(P2P.exercises[1], classes=("Asked",), own_play=declared)
    assignment = replace(_assignment(), exercises=(*_assignment().exercises, asking))
    scenario = own_scenario(assignment, "Node", "Asked", of_student)

    assert scenario.controller == declared(of_student).controller
    assert scenario.executors == _star(of_student).executors


def test_the_controller_of_the_assignment_is_made_without_the_arguments_of_another_one() -> None:
    given = replace(_assignment(), controller="Simple")
    assert own_scenario(given, "Node", "Simple", of_student).controller == Part("submission", "Simple")
    assert own_scenario(given, "Node", "Given", of_student).controller.arguments == {"task": "average"}


def test_without_a_name_the_controller_is_the_one_that_the_author_declares() -> None:
    assert own_scenario(replace(_assignment(), controller=""), "Node", "", of_student) == _star(of_student)


@pytest.mark.parametrize("executor", ["TalkingExecutor", "P2PExecutor", "BroadcastingExecutor", "Mine"])
def test_a_class_runs_at_all_sites_where_there_is_one_kind(executor: str) -> None:
    scenario = own_scenario(P2P, executor, "SimpleController", of_student)
    assert {part.class_name for part in scenario.executors.values()} == {executor}
    assert classes_of(scenario) == (executor, "SimpleController")


def test_a_run_of_a_check_is_played_again_from_its_seed() -> None:
    exercise = RELIABLE.exercises[0]
    (declared,) = scenarios_of_check(exercise, of_student, 5)

    again = played_again(RELIABLE, "ReliableExecutor", declared.name, of_student, 5)
    of_another = played_again(RELIABLE, "Mine", declared.name, of_student, 5)

    assert again == declared and again.faults.seed == 5
    assert played_again(RELIABLE, "ReliableExecutor", declared.name, of_student, 6) != declared
    assert of_another and {part.class_name for part in of_another.executors.values()} == {"Mine"}


def test_a_run_that_no_check_has_is_not_there() -> None:
    assert played_again(RELIABLE, "ReliableExecutor", "no such run", of_student, 5) is None
    assert names_of_check(RELIABLE, "RollCallExecutor") == ("roll_call",)


def test_faults_take_the_place_of_the_declared_ones() -> None:
    faults = [Fault(FaultKind.CUT, "node-1")]
    assert with_faults(_star(of_student), faults, 3).faults == FaultPlan(tuple(faults), 3)
