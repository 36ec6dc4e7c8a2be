"""What ``verify`` finds in scenarios that nobody has run: each test makes an assignment wrong in one way."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import assignments
from autograder.course import Course
from autograder.evidence.model import Evidence
from autograder.release.fault import Fault
from autograder.release.scenarios import scenarios
from autograder.report.reasons import Datum
from autograder.rubric.matchers import Anything, Close, Text
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.network.faults import Fault as NetworkFault
from autograder.simulator.network.faults import FaultKind, FaultPlan
from autograder.simulator.scenario import SERVER, Expected, ExpectedResult, Gathering, LogTemplate, Part, Scenario
from autograder.simulator.until import LogSays, MessagesSeen, NotBefore
from tests.unit.release.conftest import NAME

ASSIGNMENT = assignments.load(NAME)
TALKS = "TalkingExecutor"
SITES = ("site-0", "site-1")
PEERS = """
from nvflare.apis.controller_spec import Task

class AskingController:
    def __init__(self, sites: list[str], rounds: int = 1) -> None: ...

    def control_flow(self, abort_signal, fl_ctx):
        task = Task(name="ask", data=None)

class AnyController(AskingController):
    def control_flow(self, abort_signal, fl_ctx):
        task = Task(name=f"ask-{self.rounds}", data=None)
"""


def asks(cast: Cast, name: str = "AskingController", **arguments: Any) -> Part:
    return cast.reference(name, {"sites": list(SITES)} | arguments)


def hello(sender: str = "site-0", receiver: str = "site-1", **fields: Any) -> Expected:
    return Expected(sender, receiver, "hello", Text("message", "Hello"), **fields)


def scenario(cast: Cast, **fields: Any) -> Scenario:
    """A scenario in which nothing is wrong, but for what is said."""
    right = Scenario(
        "send",
        asks(cast) if "controller" not in fields else fields["controller"],
        {site: cast.student(TALKS) for site in SITES},
        frozenset(SITES),
        (hello(), hello("site-1", "site-0")),
        cast.seed,
        tasks={"ask": SITES},
    )
    return replace(right, **fields)


CrossPlay = Callable[[Cast], tuple[Scenario, ...]]


def with_first(**fields: Any) -> Assignment:
    """The course's assignment, with the first exercise changed and those that follow left out."""
    first = replace(ASSIGNMENT.exercises[0], self_contained=False, **fields)
    return replace(ASSIGNMENT, exercises=(first,))


@pytest.fixture
def found(course: Course) -> Callable[[Assignment], list[Fault]]:
    """Verifies the scenarios of an assignment that has peers."""
    course.peers(NAME).write_text(PEERS, encoding="utf-8")
    return lambda assignment: scenarios(course, assignment)


def line_of(text: str) -> int:
    """The line of this file in which a text stands."""
    (number,) = (n for n, line in enumerate(Path(__file__).read_text().splitlines(), 1) if line.endswith(text))
    return number


def test_nothing_is_wrong_with_the_courses_own(course: Course) -> None:
    assert scenarios(course, ASSIGNMENT) == []


def test_nothing_is_wrong_with_the_scenario_that_is_changed_below(found: Callable[[Assignment], list[Fault]]) -> None:
    assert found(with_first(cross_play=lambda cast: (scenario(cast),))) == []


def _changed(**fields: Any) -> CrossPlay:
    return lambda cast: (scenario(cast, **fields),)


def _expects(*messages: Expected) -> CrossPlay:
    return _changed(expected=messages)


def _results(site: str, task: str = "ask") -> CrossPlay:
    return _changed(results=(ExpectedResult(site, task, Anything()),), tasks={"ask": SITES})


WAY = "hello from site-0 to site-1"
KNOWN = ", ".join(sorted({TALKS, *ASSIGNMENT.given_classes}))
CLOSE = Expected("site-0", "site-1", "hello", Close("WEIGHTS", {"value": 1.0}), log=LogTemplate("got {valeu}"))


@pytest.mark.parametrize(
    ("cross_play", "code", "data"),
    [
        (lambda cast: (), "play.no_scenario", {}),
        (lambda cast: (scenario(cast), scenario(cast)), "play.same_name", {"scenario": "send"}),
        (_changed(seed=-1), "play.other_seed", {}),
        (lambda cast: (scenario(cast, name=str(random.random())),), "play.not_the_same", {}),
        (
            lambda cast: (scenario(cast, controller=cast.student("Talking")),),
            "part.no_student_class",
            {"name": "Talking", "known": KNOWN},
        ),
        (
            lambda cast: (scenario(cast, controller=cast.student("P2PExecutor")),),
            "part.no_student_class",
            {"name": "P2PExecutor", "known": KNOWN},
        ),
        (
            lambda cast: (scenario(cast, controller=asks(cast, "Asking")),),
            "part.no_peer",
            {"name": "Asking", "place": f"solutions/{NAME}/peers.py"},
        ),
        (
            lambda cast: (scenario(cast, controller=asks(cast, site=1)),),
            "part.arguments",
            {"name": "AskingController", "unknown": ("site",)},
        ),
        (
            lambda cast: (scenario(cast, controller=cast.reference("AskingController", {})),),
            "part.arguments",
            {"name": "AskingController", "missing": ("sites",)},
        ),
        (
            lambda cast: (scenario(cast, controller=asks(cast, rounds={1})),),
            "part.not_json",
            {"name": "AskingController", "at": "rounds", "kind": "set"},
        ),
        (
            lambda cast: (scenario(cast, controller=asks(cast, rounds=[{1: 2}])),),
            "part.not_json",
            {"name": "AskingController", "at": "rounds[0]", "key": "1"},
        ),
        (
            lambda cast: (scenario(cast, controller=asks(cast, rounds=float("nan"))),),
            "part.not_json",
            {"name": "AskingController", "at": "rounds", "value": "nan"},
        ),
        (
            _changed(controller=Part("peers", "AskingController")),
            "part.no_component",
            {"name": "peers.AskingController"},
        ),
        (
            _changed(controller=Part("autograder.simulator.parties.conducting", "TaskTaker")),
            "part.no_component",
            {"name": "autograder.simulator.parties.conducting.TaskTaker"},
        ),
        (
            _changed(controller=Part("autograder.assignments.reliable_messaging.giver", "NewsGiver")),
            "part.no_component",
            {"name": "autograder.assignments.reliable_messaging.giver.NewsGiver"},
        ),
        (
            _changed(controller=Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"name": "a"})),
            "part.arguments",
            {"name": "TaskGiver", "unknown": ("name",), "missing": ("task",)},
        ),
        (
            _changed(controller=Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "a"})),
            "task.nobody_gives",
            {"scenario": "send", "task": "ask", "name": "TaskGiver"},
        ),
        (
            _changed(tasks={"talk": SITES}),
            "task.nobody_gives",
            {"scenario": "send", "task": "talk", "name": "AskingController"},
        ),
        (
            lambda cast: (replace(scenario(cast), controller=cast.student("SimpleController"), students=frozenset()),),
            "task.nobody_gives",
            {"scenario": "send", "task": "ask", "name": "SimpleController"},
        ),
        (_changed(students=frozenset()), "scenario.no_student", {"scenario": "send"}),
        (
            _changed(students=frozenset({*SITES, "site-2"})),
            "scenario.student_absent",
            {"scenario": "send", "name": "site-2", "parties": "server, site-0, site-1"},
        ),
        (
            _changed(students=frozenset({"site-0"})),
            "part.no_student_runs_student",
            {"scenario": "send", "party": "site-1", "name": TALKS},
        ),
        (
            _changed(students=frozenset({*SITES, SERVER})),
            "part.student_runs_course",
            {"scenario": "send", "party": "server", "name": "AskingController"},
        ),
        (
            lambda cast: (scenario(cast, executors={SERVER: cast.student(TALKS)}, students=frozenset({SERVER})),),
            "scenario.executor_for_server",
            {"scenario": "send", "name": "server"},
        ),
        (
            _expects(hello("site-3")),
            "expected.sender_absent",
            {"scenario": "send", "credited": "", "name": "site-3", "parties": "server, site-0, site-1"},
        ),
        (
            _expects(hello(receiver="site-3")),
            "expected.receiver_absent",
            {"scenario": "send", "credited": "", "name": "site-3", "parties": "server, site-0, site-1"},
        ),
        (
            _changed(expected=lambda evidence: (hello("site-3"),)),
            "expected.sender_absent",
            {"scenario": "send", "credited": "", "name": "site-3", "parties": "server, site-0, site-1"},
        ),
        (
            _changed(credited={"A.b": (hello("site-3"),)}),
            "expected.sender_absent",
            {"scenario": "send", "credited": "A.b", "name": "site-3", "parties": "server, site-0, site-1"},
        ),
        (_expects(hello(), hello()), "expected.twice", {"scenario": "send", "credited": "", "way": WAY}),
        (
            _expects(hello(repeats=True), hello()),
            "expected.repeats_nothing",
            {"scenario": "send", "credited": "", "way": WAY},
        ),
        (
            _expects(hello(times=(2, 1))),
            "expected.times",
            {"scenario": "send", "credited": "", "way": WAY, "least": "2", "most": "1"},
        ),
        (
            _expects(hello(times=(0, 0))),
            "expected.times",
            {"scenario": "send", "credited": "", "way": WAY, "least": "0", "most": "0"},
        ),
        (
            _expects(hello(times=(-1, None))),
            "expected.times",
            {"scenario": "send", "credited": "", "way": WAY, "least": "-1"},
        ),
        (
            _expects(hello(refusable=True)),
            "expected.refused_unlogged",
            {"scenario": "send", "credited": "", "way": WAY},
        ),
        (
            _expects(hello(refusable=True, handled=False)),
            "expected.refused_unhandled",
            {"scenario": "send", "credited": "", "way": WAY},
        ),
        (
            _expects(hello(refusable=True, reply="ERROR")),
            "expected.refused_reply",
            {"scenario": "send", "credited": "", "way": WAY, "reply": "ERROR"},
        ),
        (
            _expects(hello(handled=False, log=LogTemplate("x"))),
            "expected.logged_unhandled",
            {"scenario": "send", "credited": "", "way": WAY},
        ),
        (_expects(CLOSE), "expected.log_field", {"scenario": "send", "credited": "", "way": WAY, "name": "valeu"}),
        (
            _changed(credited={"A.b": (hello(),)}),
            "credited.no_method",
            {"scenario": "send", "method": "A.b", "methods": ""},
        ),
        (
            _expects(hello(handled=False, reply_content=Anything())),
            "expected.reply_unhandled",
            {"scenario": "send", "credited": "", "way": WAY},
        ),
        (
            _changed(expected=(hello(reply_content=Anything()),), acknowledged=("hello",), students=frozenset(SITES)),
            "expected.reply_of_the_course",
            {"scenario": "send", "topic": "hello"},
        ),
        (
            _results("site-3"),
            "result.site_absent",
            {"scenario": "send", "name": "site-3", "parties": "site-0, site-1"},
        ),
        (
            _results(SERVER),
            "result.site_absent",
            {"scenario": "send", "name": "server", "parties": "site-0, site-1"},
        ),
        (
            _results("site-0", "rest"),
            "result.no_task",
            {"scenario": "send", "name": "site-0", "task": "rest"},
        ),
        (
            lambda cast: (
                scenario(
                    cast,
                    controller=cast.student(TALKS),
                    students=frozenset({*SITES, SERVER}),
                    results=(ExpectedResult("site-0", "ask", Anything()),),
                ),
            ),
            "result.not_believed",
            {"scenario": "send"},
        ),
        (
            _changed(tasks={"ask": ("site-0",)}, credited={"A.b": (hello("site-1", "site-0"),)}),
            "credited.no_task",
            {"scenario": "send", "method": "A.b", "sender": "site-1"},
        ),
        (
            _changed(tasks={"ask": ("site-0",)}, expected=(hello("site-1", "site-0"),)),
            "expected.of_the_idle",
            {"scenario": "send", "sender": "site-1"},
        ),
        (
            _changed(faults=FaultPlan((NetworkFault(FaultKind.DIE, party="site-1"),))),
            "expected.of_the_dead",
            {"scenario": "send", "sender": "site-1"},
        ),
        (
            _changed(until=(LogSays("Done", ("site-0", "site-3")),)),
            "until.absent",
            {"scenario": "send", "name": "site-3", "line": "Done", "parties": "server, site-0, site-1"},
        ),
        (
            _changed(until=(MessagesSeen("hello", 3),)),
            "until.too_many",
            {"scenario": "send", "topic": "hello", "least": 3, "most": 2},
        ),
        (
            _changed(until=(MessagesSeen("helo", 1),)),
            "until.too_many",
            {"scenario": "send", "topic": "helo", "least": 1, "most": 0},
        ),
        (
            _changed(until=(MessagesSeen("hello", 2, "site-0"),)),
            "until.too_many",
            {"scenario": "send", "topic": "hello", "least": 2, "most": 1},
        ),
        (_changed(gather=Gathering("hello", 0)), "gather.none", {"scenario": "send", "count": 0}),
        (
            _changed(gather=Gathering("hello", 2), expected=(hello(),), students=frozenset(SITES)),
            "gather.too_many",
            {"scenario": "send", "topic": "hello", "party": "site-1", "count": 2, "most": 1},
        ),
        (
            _changed(faults=FaultPlan((NetworkFault(FaultKind.DROP, "site-3"),))),
            "scenario.fault_absent",
            {"scenario": "send", "kind": "drop", "name": "site-3", "parties": "server, site-0, site-1"},
        ),
    ],
)
def test_a_fault_is_found_once_with_its_exercise(
    found: Callable[[Assignment], list[Fault]], cross_play: CrossPlay, code: str, data: dict[str, Datum]
) -> None:
    """For all seeds: otherwise the data would have some of them."""
    faults = [fault for fault in found(with_first(cross_play=cross_play)) if (fault.code, fault.data) == (code, data)]

    assert len(faults) == 1, found(with_first(cross_play=cross_play))
    assert "test_scenarios.py:" in faults[0].where
    assert faults[0].where.endswith(", exercise execute")
    assert faults[0].what and faults[0].remedy


@pytest.mark.parametrize(
    "cross_play",
    [
        _changed(expected=(hello(), Expected("site-0", "site-1", "hello", Text("message", "Bye")))),
        _expects(hello(times=(0, None)), hello("site-1", "site-0", times=(0, 1))),
        _changed(until=(MessagesSeen("hello", 9),), expected=(hello(times=(1, None)),)),
        _changed(until=(MessagesSeen("hello", 1, "site-0", "site-1"), LogSays("Done", (SERVER,)), NotBefore(1))),
        _changed(gather=Gathering("hello", 1)),
        _changed(expected=(hello(reply_content=Anything()),), acknowledged=("other",)),
        _results("site-0"),
        _changed(results=lambda evidence: (ExpectedResult("site-0", "ask", Anything()),)),
        _changed(tasks={"ask": ("site-0",)}),  # the other one answers a message
        _changed(tasks={}, expected=(hello(),)),  # a course-owned component says it
        _expects(replace(CLOSE, content=Anything())),
        _expects(replace(CLOSE, log=LogTemplate("{sender} {receiver} {topic} {value} {x}", fields={"x": 1}))),
        lambda cast: (scenario(cast, tasks={"ask-1": SITES}, controller=asks(cast, "AnyController")),),
        lambda cast: (scenario(cast, controller=asks(cast, rounds=[(1, 2.5, None, True)])),),
        lambda cast: (
            scenario(cast, controller=cast.student(TALKS), students=frozenset({*SITES, SERVER}), tasks={"x": SITES}),
        ),
    ],
)
def test_what_can_be_right_is_no_fault(found: Callable[[Assignment], list[Fault]], cross_play: CrossPlay) -> None:
    assert found(with_first(cross_play=cross_play)) == []


def _fails_for_some(cast: Cast) -> tuple[Scenario, ...]:
    if cast.random.random() < 0.3:
        raise KeyError(cast.seed)  # here
    return (scenario(cast),)


def test_what_is_raised_for_some_seeds_is_found_once_with_its_line(found: Callable[[Assignment], list[Fault]]) -> None:
    (fault,) = found(with_first(cross_play=_fails_for_some))

    assert fault.where.endswith(f"test_scenarios.py:{line_of('raise KeyError(cast.seed)  # here')}, exercise execute")
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

    (fault,) = found(with_first(cross_play=_changed(results=results)))
    assert "raises IndexError" in fault.what


def test_a_function_for_what_is_expected_has_to_take_a_run_in_which_nothing_was_seen(
    found: Callable[[Assignment], list[Fault]],
) -> None:
    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        return (hello(evidence.messages[0].sender),)

    (fault,) = found(with_first(cross_play=_changed(expected=expected)))
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


def test_a_message_may_be_said_again(found: Callable[[Assignment], list[Fault]]) -> None:
    assert found(with_first(cross_play=_expects(hello(), hello(repeats=True)))) == []
