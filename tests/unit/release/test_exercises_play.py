"""What ``verify`` finds in how an exercise makes scenarios: for some seeds, for a student's own run, and in names."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.evidence.model import Evidence
from autograder.release.fault import Fault
from autograder.report.reasons import Datum
from autograder.rubric.matchers import Anything
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.scenario import Expected, ExpectedResult, Part, Scenario
from tests.tools.course_folder import NAME
from tests.unit.release.right_scenario import (
    ASSIGNMENT,
    KNOWN,
    SITES,
    TALKS,
    asks,
    hello,
    scenario,
    with_first,
)


def line_of(text: str) -> int:
    """The line of this file in which a text stands."""
    (number,) = (n for n, line in enumerate(Path(__file__).read_text().splitlines(), 1) if line.endswith(text))
    return number


def _fails_for_some(cast: Cast) -> tuple[Scenario, ...]:
    if cast.random.random() < 0.3:
        raise KeyError(cast.seed)  # here
    return (scenario(cast),)


def test_what_is_raised_for_some_seeds_is_found_once_with_its_line(found: Callable[[Assignment], list[Fault]]) -> None:
    (fault,) = found(with_first(cross_play=_fails_for_some))

    assert fault.where.endswith(
        f"test_exercises_play.py:{line_of('raise KeyError(cast.seed)  # here')}, exercise execute"
    )
    assert (fault.code, fault.data["play"]) == ("play.raises", "cross_play")
    assert fault.data["error"] == f"KeyError: {fault.data['first_seed']}"
    assert 1 < int(str(fault.data["seeds"]).removesuffix(" of 50")) < 50
    assert f"That is so for {fault.data['seeds']} seeds, such as {fault.data['first_seed']}." in fault.what


def test_a_class_that_is_unknown_has_the_line_that_asks_for_it(found: Callable[[Assignment], list[Fault]]) -> None:
    def cross_play(cast: Cast) -> tuple[Scenario, ...]:
        controller = asks(cast)
        return (scenario(cast, controller=controller, executors={"site-0": cast.student("Tlking")}),)  # asks

    unknown = next(fault for fault in found(with_first(cross_play=cross_play)) if fault.data.get("name") == "Tlking")
    assert f":{line_of('# asks')}," in unknown.where


def test_a_function_for_results_has_to_take_a_run_in_which_nothing_was_seen(
    found: Callable[[Assignment], list[Fault]],
) -> None:
    def results(evidence: Evidence) -> tuple[ExpectedResult, ...]:
        return (ExpectedResult(evidence.messages[0].sender, "ask", Anything()),)

    (fault,) = found(with_first(cross_play=lambda cast: (scenario(cast, results=results),)))
    assert "raises IndexError" in fault.what


def test_a_function_for_what_is_expected_has_to_take_a_run_in_which_nothing_was_seen(
    found: Callable[[Assignment], list[Fault]],
) -> None:
    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        return (hello(evidence.messages[0].sender),)

    (fault,) = found(with_first(cross_play=lambda cast: (scenario(cast, expected=expected),)))
    assert (fault.code, fault.data["scenario"]) == ("expected.raises", "send")
    assert str(fault.data["error"]).startswith("IndexError: ")


def _own(**fields: Any) -> Callable[[Callable[[str], Part]], Scenario]:
    """A run of one's own, of which the controller stands in a given cell and the executors are the student's."""

    def play(student: Callable[[str], Part]) -> Scenario:
        executors = {site: student(TALKS) for site in SITES}
        right = Scenario(
            "own", student("SimpleController"), executors, frozenset(SITES), (hello(),), tasks={"talk": SITES}
        )
        return replace(right, **fields)

    return play


@pytest.mark.parametrize(
    ("own_play", "code", "data"),
    [
        (lambda student: 1 / 0, "play.raises", {"play": "own_play", "error": "ZeroDivisionError: division by zero"}),
        (
            lambda student: _own(controller=student("Controller"))(student),
            "part.no_student_class",
            {"name": "Controller", "known": KNOWN},
        ),
        (_own(controller=Part("peers", "AskingController")), "part.no_component", {"name": "peers.AskingController"}),
        (
            _own(students=frozenset({"site-0"})),
            "part.no_student_runs_student",
            {"scenario": "own", "party": "site-1", "name": TALKS},
        ),
        (
            _own(expected=(hello("site-3"),)),
            "expected.sender_absent",
            {"scenario": "own", "credited": "", "name": "site-3", "parties": "server, site-0, site-1"},
        ),
    ],
)
def test_a_students_own_run_is_looked_at_too(
    found: Callable[[Assignment], list[Fault]],
    own_play: Callable[[Callable[[str], Part]], Scenario],
    code: str,
    data: dict[str, Datum],
) -> None:
    assert found(with_first(cross_play=lambda cast: (scenario(cast),), own_play=_own())) == []
    (fault,) = found(with_first(cross_play=lambda cast: (scenario(cast),), own_play=own_play))
    assert (fault.code, fault.data) == (code, data)


def test_a_self_contained_exercise_asks_for_no_peer(found: Callable[[Assignment], list[Fault]]) -> None:
    def cross_play(cast: Cast) -> tuple[Scenario, ...]:
        return (scenario(cast, controller=cast.reference("AskingController", {"sites": []})),)  # a peer

    assignment = with_first(cross_play=cross_play)
    contained = replace(assignment.exercises[0], self_contained=True)
    (fault,) = found(replace(assignment, exercises=(contained,)))
    assert (fault.code, fault.data) == ("part.self_contained", {"name": "AskingController"})
    assert f":{line_of('# a peer')}," in fault.where


@pytest.mark.parametrize(
    ("double", "where", "code", "name"),
    [
        (lambda one: (one, one), f"assignment {NAME}", "exercises.same_name", "execute"),
        (lambda one: (one, one), f"assignment {NAME}", "check_cells.same_name", "test_execute"),
        (
            lambda one: (replace(one, checks=(*one.checks, one.checks[0])),),
            "exercise execute",
            "checks.same_name",
            "every_other_client",
        ),
    ],
)
def test_names_that_are_there_twice_are_found(
    found: Callable[[Assignment], list[Fault]],
    double: Callable[[Exercise], tuple[Exercise, ...]],
    where: str,
    code: str,
    name: str,
) -> None:
    faults = found(replace(ASSIGNMENT, exercises=double(ASSIGNMENT.exercises[0])))
    assert Fault(where, code, {"name": name}) in faults, faults
