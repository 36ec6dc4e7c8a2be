"""What ``verify`` finds in scenarios that nobody has run: each test makes one wrong in one way."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from autograder.course import Course
from autograder.release.fault import Fault
from autograder.release.scenarios import scenarios
from autograder.report.reasons import Datum
from autograder.rubric.matchers import Anything, Close, Text
from autograder.rubric.model import Assignment
from autograder.simulator.network.faults import Fault as NetworkFault
from autograder.simulator.network.faults import FaultKind, FaultPlan
from autograder.simulator.scenario import SERVER, Expected, ExpectedResult, Gathering, LogTemplate, Part
from autograder.simulator.until import LogSays, MessagesSeen, NotBefore
from tests.tools.course_folder import NAME
from tests.unit.release.right_scenario import (
    ASSIGNMENT,
    KNOWN,
    SITES,
    TALKS,
    CrossPlay,
    asks,
    hello,
    scenario,
    with_first,
)


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
    assert re.search(r"/(test_scenarios|right_scenario)\.py:\d+, ", faults[0].where)
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


def test_a_message_may_be_said_again(found: Callable[[Assignment], list[Fault]]) -> None:
    assert found(with_first(cross_play=_expects(hello(), hello(repeats=True)))) == []
