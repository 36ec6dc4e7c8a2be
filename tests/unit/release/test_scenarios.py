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


CLOSE = Expected("site-0", "site-1", "hello", Close("WEIGHTS", {"value": 1.0}), log=LogTemplate("got {valeu}"))


@pytest.mark.parametrize(
    ("cross_play", "what"),
    [
        (lambda cast: (), "makes no scenario"),
        (lambda cast: (scenario(cast), scenario(cast)), "Two of its scenarios are called send"),
        (_changed(seed=-1), "another seed than its cast"),
        (lambda cast: (scenario(cast, name=str(random.random())),), "The same seed makes different scenarios"),
        (lambda cast: (scenario(cast, controller=cast.student("Talking")),), "the class Talking of the student's"),
        (lambda cast: (scenario(cast, controller=cast.student("P2PExecutor")),), "the class P2PExecutor of the"),
        (lambda cast: (scenario(cast, controller=asks(cast, "Asking")),), "does not define the class Asking"),
        (lambda cast: (scenario(cast, controller=asks(cast, site=1)),), "AskingController takes no argument site"),
        (lambda cast: (scenario(cast, controller=cast.reference("AskingController", {})),), "needs the argument sites"),
        (lambda cast: (scenario(cast, controller=asks(cast, rounds={1})),), "rounds is of type set"),
        (lambda cast: (scenario(cast, controller=asks(cast, rounds=[{1: 2}])),), "rounds[0] has the key 1"),
        (lambda cast: (scenario(cast, controller=asks(cast, rounds=float("nan"))),), "rounds is nan"),
        (_changed(controller=Part("peers", "AskingController")), "peers.AskingController is no class of the course's"),
        (
            _changed(controller=Part("autograder.simulator.parties.conducting", "TaskTaker")),
            "conducting.TaskTaker is no class",
        ),
        (
            _changed(controller=Part("autograder.assignments.reliable_messaging.giver", "NewsGiver")),
            "giver.NewsGiver is no class of the course's components",
        ),
        (
            _changed(controller=Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"name": "a"})),
            "TaskGiver takes no argument name and needs the argument task",
        ),
        (
            _changed(controller=Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "a"})),
            "send has the task 'ask', which nobody gives out: TaskGiver",
        ),
        (_changed(tasks={"talk": SITES}), "send has the task 'talk', which nobody gives out: AskingController"),
        (
            lambda cast: (replace(scenario(cast), controller=cast.student("SimpleController"), students=frozenset()),),
            "send has the task 'ask', which nobody gives out: SimpleController",
        ),
        (_changed(students=frozenset()), "nobody runs the student's code"),
        (_changed(students=frozenset({*SITES, "site-2"})), "The student site-2 of the scenario send is no party"),
        (_changed(students=frozenset({"site-0"})), f"site-1 of the scenario send runs {TALKS} of the student's"),
        (_changed(students=frozenset({*SITES, SERVER})), "server of the scenario send is a student, and runs Asking"),
        (
            lambda cast: (scenario(cast, executors={SERVER: cast.student(TALKS)}, students=frozenset({SERVER})),),
            "has an executor for server",
        ),
        (_expects(hello("site-3")), "expects site-3 to send messages, which takes no part"),
        (_expects(hello(receiver="site-3")), "expects site-3 to receive messages, which takes no part"),
        (_changed(expected=lambda evidence: (hello("site-3"),)), "expects site-3 to send messages"),
        (_changed(credited={"A.b": (hello("site-3"),)}), "(credited to A.b) expects site-3 to send"),
        (_expects(hello(), hello()), "expects the same message twice: hello from site-0 to site-1"),
        (_expects(hello(repeats=True), hello()), "repeats a message that is not said before: hello from site-0"),
        (_expects(hello(times=(2, 1))), "at least 2 and at most 1 times"),
        (_expects(hello(times=(0, 0))), "at least 0 and at most 0 times"),
        (_expects(hello(times=(-1, None))), "at least -1 times"),
        (_expects(hello(refusable=True)), "has a refusable message without a log line"),
        (_expects(hello(refusable=True, handled=False)), "refuse what it need not handle"),
        (_expects(hello(refusable=True, reply="ERROR")), "the reply ERROR to what may be refused"),
        (_expects(hello(handled=False, log=LogTemplate("x"))), "a log line of what need not be handled"),
        (_expects(hello(handled=False, reply_content=Anything())), "what the reply is to say to what need not be"),
        (
            _changed(expected=(hello(reply_content=Anything()),), acknowledged=("hello",), students=frozenset(SITES)),
            "says what replies to 'hello' say, which the course answers with a return code only",
        ),
        (_results("site-3"), "says what the results of site-3 say, which is no site of it"),
        (_results(SERVER), "says what the results of server say, which is no site of it"),
        (_results("site-0", "rest"), "says what the result of site-0 for the task 'rest' says, which it does not get"),
        (
            lambda cast: (
                scenario(
                    cast,
                    controller=cast.student(TALKS),
                    students=frozenset({*SITES, SERVER}),
                    results=(ExpectedResult("site-0", "ask", Anything()),),
                ),
            ),
            "says what results say, of which nobody tells but the student's own server",
        ),
        (_expects(CLOSE), "the field valeu, which the message has not"),
        (_changed(credited={"A.b": (hello(),)}), "credits A.b, which is no method in the stub of an exercise"),
        (
            _changed(tasks={"ask": ("site-0",)}, credited={"A.b": (hello("site-1", "site-0"),)}),
            "credits A.b with messages of site-1, which gets no task",
        ),
        (_changed(tasks={"ask": ("site-0",)}, expected=(hello("site-1", "site-0"),)), "site-1, which gets no task and"),
        (
            _changed(faults=FaultPlan((NetworkFault(FaultKind.DIE, party="site-1"),))),
            "expects messages of site-1, which is dead from the start",
        ),
        (
            _changed(until=(LogSays("Done", ("site-0", "site-3")),)),
            "waits for site-3 to log 'Done', which takes no part",
        ),
        (_changed(until=(MessagesSeen("hello", 3),)), "waits for 3 messages of the topic 'hello', and expects 2"),
        (_changed(until=(MessagesSeen("helo", 1),)), "waits for 1 messages of the topic 'helo', and expects 0"),
        (
            _changed(until=(MessagesSeen("hello", 2, "site-0"),)),
            "waits for 2 messages of the topic 'hello', and expects 1",
        ),
        (_changed(gather=Gathering("hello", 0)), "gathers 0 messages"),
        (
            _changed(gather=Gathering("hello", 2), expected=(hello(),), students=frozenset(SITES)),
            "gathers 2 of 'hello' at site-1, and expects 1",
        ),
        (
            _changed(faults=FaultPlan((NetworkFault(FaultKind.DROP, "site-3"),))),
            "A fault (drop) of the scenario send is for site-3",
        ),
    ],
)
def test_a_fault_is_found_once_with_its_exercise(
    found: Callable[[Assignment], list[Fault]], cross_play: CrossPlay, what: str
) -> None:
    faults = [fault for fault in found(with_first(cross_play=cross_play)) if what in fault.what]

    assert len(faults) == 1, found(with_first(cross_play=cross_play))
    assert "test_scenarios.py:" in faults[0].where
    assert faults[0].where.endswith(", exercise execute")
    assert faults[0].remedy
    assert "seeds, such as" not in faults[0].what


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
    assert "Its cross_play raises KeyError: " in fault.what
    said = fault.what.partition("That is so for ")[2]
    assert 1 < int(said.split(" of 50 seeds")[0]) < 50


def test_a_class_that_is_unknown_has_the_line_that_asks_for_it(found: Callable[[Assignment], list[Fault]]) -> None:
    def cross_play(cast: Cast) -> tuple[Scenario, ...]:
        controller = asks(cast)
        return (scenario(cast, controller=controller, executors={"site-0": cast.student("Tlking")}),)  # asks

    unknown = next(fault for fault in found(with_first(cross_play=cross_play)) if "Tlking" in fault.what)
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
    assert "Where nothing was seen, what send expects raises IndexError" in fault.what


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
    ("own_play", "what"),
    [
        (lambda student: 1 / 0, "Its own_play raises ZeroDivisionError"),
        (lambda student: _own(controller=student("Controller"))(student), "the class Controller of the student's"),
        (_own(controller=Part("peers", "AskingController")), "peers.AskingController is no class of the course's"),
        (_own(students=frozenset({"site-0"})), f"site-1 of the scenario own runs {TALKS} of the student's"),
        (_own(expected=(hello("site-3"),)), "expects site-3 to send"),
    ],
)
def test_a_students_own_run_is_looked_at_too(
    found: Callable[[Assignment], list[Fault]], own_play: Callable[[Callable[[str], Part]], Scenario], what: str
) -> None:
    assert found(with_first(cross_play=lambda cast: (scenario(cast),), own_play=_own())) == []
    (fault,) = found(with_first(cross_play=lambda cast: (scenario(cast),), own_play=own_play))
    assert what in fault.what


def test_a_self_contained_exercise_asks_for_no_peer(found: Callable[[Assignment], list[Fault]]) -> None:
    def cross_play(cast: Cast) -> tuple[Scenario, ...]:
        return (scenario(cast, controller=cast.reference("AskingController", {"sites": []})),)  # a peer

    assignment = with_first(cross_play=cross_play)
    contained = replace(assignment.exercises[0], self_contained=True)
    (fault,) = found(replace(assignment, exercises=(contained,)))
    assert "self_contained, and asks for the peer AskingController" in fault.what
    assert f":{line_of('# a peer')}," in fault.where


@pytest.mark.parametrize(
    ("double", "where", "what"),
    [
        (lambda one: (one, one), f"assignment {NAME}", "Two exercises are called execute"),
        (lambda one: (one, one), f"assignment {NAME}", "Two check cells are called test_execute"),
        (
            lambda one: (replace(one, checks=(*one.checks, one.checks[0])),),
            "exercise execute",
            "Two checks are called every_other_client",
        ),
    ],
)
def test_names_that_are_there_twice_are_found(
    found: Callable[[Assignment], list[Fault]],
    double: Callable[[Exercise], tuple[Exercise, ...]],
    where: str,
    what: str,
) -> None:
    faults = found(replace(ASSIGNMENT, exercises=double(ASSIGNMENT.exercises[0])))
    assert any(fault.where == where and what in fault.what for fault in faults), faults


def test_a_message_may_be_said_again(found: Callable[[Assignment], list[Fault]]) -> None:
    assert found(with_first(cross_play=_expects(hello(), hello(repeats=True)))) == []
