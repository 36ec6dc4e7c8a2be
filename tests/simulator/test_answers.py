"""What replies and results say, in the real simulator: seen on the wire whichever way they travel."""

import textwrap

import pytest

from autograder.evidence.collect import UNREADABLE, collect
from autograder.evidence.model import Evidence, Message
from autograder.rubric import receiving, sending
from autograder.rubric.matchers import Close, Equals
from autograder.rubric.model import RunEvidence
from autograder.simulator.network.content import Array, Content, ContentFault
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.nvflare_private.payload import LONGEST_CONTENT
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Expected, ExpectedResult, Part, Scenario
from tests.simulator.parts import CONTROLLER, EXECUTOR, SITES

ASKING = """
import numpy as np
from nvflare.apis.utils.reliable_message import ReliableMessage

class Asks(Quiet):
    def __init__(self, way="", size=2):
        super().__init__()
        self.way, self.size = way, size
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN and self.way == "reliable":
            ReliableMessage.enable(fl_ctx)
            ReliableMessage.register_request_handler("value", self.answer, fl_ctx)
        elif event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("value", self.answer)
    def answer(self, topic, request, fl_ctx):
        value = np.full(self.size, float(fl_ctx.get_identity_name()[-1]))
        return DXO(DataKind.WEIGHTS, data={"value": value}, meta={"round": 1}).to_shareable()
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        engine, others = fl_ctx.get_engine(), ["site-1", "site-2"]
        if fl_ctx.get_identity_name() != "site-0":
            return make_reply(ReturnCode.OK)
        requests = {name: DXO(DataKind.APP_DEFINED, data={"to": name}).to_shareable() for name in others}
        if self.way == "reliable":
            signal = fl_ctx.get_run_abort_signal()
            for name, request in requests.items():
                ReliableMessage.send_request(name, "value", request, 1.0, 30.0, signal, fl_ctx)
        elif self.way == "multicast":
            engine.multicast_aux_requests("value", requests, 0, fl_ctx)
        else:
            for name, request in requests.items():
                engine.send_aux_request([name], "value", request, self.timeout * (self.way != "forgets"), fl_ctx)
        return DXO(DataKind.METRICS, data={"sum": np.arange(3)}).to_shareable()

class Answers(Quiet):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("value", self.answer)
    def answer(self, topic, request, fl_ctx):
        reply = make_reply(ReturnCode.OK)
        if fl_ctx.get_identity_name() == "site-1":
            reply["value"] = [1, {"deep": (2.5, None)}]
        return reply
"""
SERVES = """
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.shareable import make_reply

class Serves(Asking):
    def start_controller(self, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("value", self.answer)
    def answer(self, topic, request, fl_ctx):
        reply = make_reply(ReturnCode.OK)
        reply["value"] = 5
        return reply
"""
ASKS_THE_SERVER = """
class AsksTheServer(Quiet):
    def talk(self, fl_ctx):
        fl_ctx.get_engine().send_aux_request(["server"], "value", Shareable(), 10.0, fl_ctx)
"""
EXPECTED = tuple(
    Expected(
        "site-0",
        name,
        "value",
        Equals("APP_DEFINED", {"to": name}),
        reply_content=Close("WEIGHTS", {"value": [number, number]}, meta={"round": 1}),
    )
    for number, name in enumerate(SITES[1:], 1)
)
RESULTS = (ExpectedResult("site-0", "talk", Equals("METRICS", {"sum": [0, 1, 2]})),)
CHECKS = (
    receiving.replies_ok("replies", "Replies", 1, receiving.any_site),
    sending.as_expected("sends", "Sends", 1),
    sending.returns_ok("returns", "Returns", 1),
)


def asking(answerer: str = "Asks", *faults: Fault, **arguments: object) -> Scenario:
    """Site-0 asks the two others for a value, and gets arrays by default."""

    def part(class_name: str, **arguments: object) -> Part:
        return Part("executors", class_name, {"executors": EXECUTOR + textwrap.dedent(ASKING)}, arguments)

    other = part(answerer, **(arguments if answerer == "Asks" else {}))
    executors = {"site-0": part("Asks", **arguments), "site-1": other, "site-2": other}
    giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "talk"})
    return Scenario(
        "test",
        giver,
        executors,
        frozenset(SITES),
        EXPECTED,
        tasks={"talk": SITES},
        faults=FaultPlan(faults),
        results=RESULTS,
    )


def play(scenario: Scenario) -> Evidence:
    with run(scenario, isolation=Isolation.NONE) as record:
        evidence = collect(record)
    assert not evidence.course_failed
    assert evidence.end is End.SETTLED and evidence.quiet
    return evidence


def told(message: Message) -> Array:
    content = message.reply_content
    assert content and (content.kind, content.meta, content.fault) == ("WEIGHTS", {"round": 1}, None)
    value = content.get("value")
    assert isinstance(value, Array)
    return value


def judged(scenario: Scenario, evidence: Evidence) -> list[bool]:
    return [check.judge([RunEvidence(scenario, evidence)]).passed for check in CHECKS]


@pytest.mark.simulator
@pytest.mark.parametrize("way", ["", "reliable"])
def test_what_is_answered_is_seen_whichever_way_it_is_asked(way: str) -> None:
    scenario = asking(way=way)
    evidence = play(scenario)

    assert {(m.receiver, told(m).values, m.reply) for m in evidence.distinct} == {
        ("site-1", (1.0, 1.0), "OK"),
        ("site-2", (2.0, 2.0), "OK"),
    }
    assert judged(scenario, evidence) == [True, True, True]


@pytest.mark.simulator
def test_a_reply_that_the_network_loses_is_seen_all_the_same() -> None:
    evidence = play(asking("Asks", Fault(FaultKind.LOSE_REPLY, "site-0", "site-1", "value", (1,))))

    assert [(told(m).values, m.answered_in_time) for m in evidence.messages] == [
        ((1.0, 1.0), False),
        ((2.0, 2.0), True),
    ]


@pytest.mark.simulator
def test_a_bare_reply_and_one_without_content_are_told_apart() -> None:
    scenario = asking("Answers")
    evidence = play(scenario)

    assert [(m.reply, m.reply_content) for m in evidence.messages] == [
        ("OK", Content(None, {"value": (1, {"deep": (2.5, None)})}, {}, ContentFault.NO_DXO)),
        ("OK", Content(None, {}, {}, ContentFault.NO_DXO)),
    ]
    assert judged(scenario, evidence) == [False, True, True], "the sender does not answer for its receivers"


@pytest.mark.simulator
@pytest.mark.parametrize("way", ["forgets", "multicast"])  # which works without a reply only, in NVFlare 2.9.0
def test_where_nobody_waits_nothing_is_seen_of_the_answer(way: str) -> None:
    scenario = asking(way=way)
    evidence = play(scenario)

    assert {(m.receiver, m.waits, m.reply, m.reply_content) for m in evidence.messages} == {
        (site, False, None, None) for site in SITES[1:]
    }
    assert judged(scenario, evidence) == [False, True, True]


@pytest.mark.simulator
def test_a_reply_that_is_too_large_is_not_looked_at() -> None:
    evidence = play(asking(size=LONGEST_CONTENT))

    assert {(m.reply, m.reply_content) for m in evidence.messages} == {(UNREADABLE, None)}


@pytest.mark.simulator
def test_of_a_students_server_the_sites_tell_what_it_answers_and_nobody_what_results_say() -> None:
    sites = dict.fromkeys(SITES, Part("executors", "AsksTheServer", {"executors": EXECUTOR + ASKS_THE_SERVER}))
    server = Part("controller", "Serves", {"controller": CONTROLLER + SERVES})
    evidence = play(Scenario("test", server, sites, frozenset({SERVER}), ()))

    said = Content(None, {"value": 5}, {}, ContentFault.NO_DXO)
    assert [(m.sender, m.reply_content) for m in evidence.messages] == [(site, said) for site in SITES]
    assert {(one.site, one.content) for one in evidence.results} == {(site, None) for site in SITES}


@pytest.mark.simulator
def test_of_a_result_its_content_is_seen() -> None:
    evidence = play(asking())

    contents = {result.site: result.content for result in evidence.results}
    content = contents["site-0"]
    assert content and content.kind == "METRICS"
    value = content.get("sum")
    assert isinstance(value, Array) and value.values == (0, 1, 2)
    assert contents["site-1"] == Content(None, {}, {}, ContentFault.NO_DXO)
