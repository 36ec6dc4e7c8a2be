"""Faults of the network in the real simulator: what the sender and the receiver of a message see of each kind."""

import inspect
import textwrap
from dataclasses import replace

import pytest
from nvflare.fuel.f3.cellnet.cell import Cell
from nvflare.fuel.f3.cellnet.core_cell import CoreCell

from autograder.evidence.collect import collect
from autograder.evidence.model import Evidence
from autograder.grading.attempts import doubt_about
from autograder.rubric.model import RunEvidence
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.parties.lines import line as spoken
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.bubblewrap import find_bubblewrap
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Part, Scenario
from tests.simulator.parts import EXECUTOR, SITES

ASKING = """
import logging, threading
from nvflare.fuel.f3.cellnet.cell import Cell

class Asks(Quiet):
    def __init__(self, times=3, timeout=4.0, size=0):
        super().__init__()
        self.times, self.timeout, self.size = times, timeout, size
    def talk(self, fl_ctx):
        for number in range(1, self.times + 1):
            data = {"message": f"no {number}", "rest": "x" * self.size}
            request = DXO(DataKind.APP_DEFINED, data=data).to_shareable()
            replies = fl_ctx.get_engine().send_aux_request(["site-1"], "hello", request, self.timeout, fl_ctx)
            codes = [reply.get_return_code() for reply in replies.values()]
            self.log_info(fl_ctx, f"Answer {number}: {codes}")
    def handle(self, topic, request, fl_ctx):
        reply = super().handle(topic, request, fl_ctx)
        self.answered(fl_ctx)
        return reply
    def answered(self, fl_ctx): pass

class InThread(Asks):
    def talk(self, fl_ctx):
        threading.Thread(target=super().talk, args=(fl_ctx,)).start()

class Slow(Asks):
    def answered(self, fl_ctx):
        time.sleep(1.5)

class Starved(Asks):
    def execute(self, *args):
        waits = Cell._future_wait
        def until_it_is_answered(cell, future, timeout, abort_signal):
            if timeout != self.timeout:
                return waits(cell, future, timeout, abort_signal)
            while not any(waiter.receiving_future for waiter in list(cell.requests_dict.values())):
                time.sleep(0.01)
            return False
        Cell._future_wait = until_it_is_answered
        return super().execute(*args)
"""

FAILING_ONCE = """
from autograder.simulator.nvflare_private.witness import Witness
from autograder.simulator.parties.conducting import TaskGiver as Giver

judge = Witness._stops_chunk

def fail(*_):
    Witness._stops_chunk = judge
    raise KeyError("x")

Witness._stops_chunk = fail
"""


def asking(*faults: Fault, asker: str = "Asks", answerer: str = "Asks", **arguments: object) -> Scenario:
    """Site-0 asks site-1 one time after the other; site-2 does nothing."""

    def part(class_name: str, **arguments: object) -> Part:
        return Part("executors", class_name, {"executors": EXECUTOR + textwrap.dedent(ASKING)}, arguments)

    executors = {"site-0": part(asker, **arguments), "site-1": part(answerer, times=0), "site-2": part("Quiet")}
    controller = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "talk"})
    return Scenario("test", controller, executors, frozenset(SITES), (), faults=FaultPlan(faults))


def play(scenario: Scenario, isolation: Isolation = Isolation.NONE) -> Evidence:
    with run(scenario, isolation=isolation) as record:
        evidence = collect(record)
    assert not evidence.course_failed
    assert evidence.end is End.SETTLED
    assert evidence.quiet, "the end of the run is known, and not a deadline"
    return evidence


def answers(evidence: Evidence) -> list[str]:
    return [line.text.partition(": ")[2] for line in evidence.lines_of("site-0") if line.text.startswith("Answer")]


def handled(evidence: Evidence) -> list[str]:
    texts = [line.text for line in evidence.lines_of("site-1")]
    return [text.partition("site-0: ")[2][:4] for text in texts if text.startswith("Received message from ")]


def seen(evidence: Evidence) -> list[tuple[int, tuple[str, ...], str | None, bool]]:
    return [(message.attempt, message.fate, message.reply, message.answered_in_time) for message in evidence.messages]


OK, TIMEOUT = "['OK']", "['TIMEOUT']"
DELIVERED = ((), "OK", True)


@pytest.mark.simulator
@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("fault", "told", "logged", "second"),
    [
        (Fault(FaultKind.DROP, nths=(2,)), TIMEOUT, ["no 1", "no 3"], (("drop",), None, False)),
        (Fault(FaultKind.CUT, "site-1", "site-0", nths=(2,)), TIMEOUT, ["no 1", "no 3"], (("cut",), None, False)),
        (
            Fault(FaultKind.LOSE_REPLY, "site-0", nths=(2,)),
            TIMEOUT,
            ["no 1", "no 2", "no 3"],
            (("lose_reply",), "OK", False),
        ),
        (
            Fault(FaultKind.DELAY, topic="hello", nths=(2,), seconds=0.4),
            OK,
            ["no 1", "no 2", "no 3"],
            (("delay",), "OK", True),
        ),
        (Fault(FaultKind.DUPLICATE, nths=(2,)), OK, ["no 1", "no 2", "no 2", "no 3"], (("duplicate",), "OK", True)),
        (
            Fault(FaultKind.LATE_START, receiver="site-1", nths=(2,)),
            "['TOPIC_UNKNOWN']",
            ["no 1", "no 3"],
            (("late_start",), "TOPIC_UNKNOWN", True),
        ),
        (
            Fault(FaultKind.HANDLER_ERROR, receiver="site-1", nths=(2,)),
            "['HANDLER_EXCEPTION']",
            ["no 1", "no 3"],
            (("handler_error",), "HANDLER_EXCEPTION", True),
        ),
        (Fault(FaultKind.DROP, "site-2", nths=(2,)), OK, ["no 1", "no 2", "no 3"], DELIVERED),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_a_fault_hits_the_message_that_it_is_for(
    fault: Fault, told: str, logged: list[str], second: tuple[object, ...]
) -> None:
    evidence = play(asking(fault))

    assert answers(evidence) == [OK, told, OK]
    # A copy and the message after it are handled by two threads of the receiver, whichever comes first.
    assert sorted(handled(evidence)) == logged
    assert seen(evidence) == [(1, *DELIVERED), (2, *second), (3, *DELIVERED)]


@pytest.mark.simulator
def test_whoever_refuses_late_answers_so_much_later() -> None:
    late = (Fault(FaultKind.HANDLER_ERROR, nths=(1,)), Fault(FaultKind.DELAY, nths=(1, 2), seconds=1.0))
    evidence = play(asking(*late, Fault(FaultKind.LATE_START, nths=(2,)), times=2, timeout=0.5))

    assert answers(evidence) == [TIMEOUT, TIMEOUT] and handled(evidence) == []
    assert [(one.reply, one.answered_in_time) for one in evidence.messages] == [
        ("HANDLER_EXCEPTION", False),
        ("TOPIC_UNKNOWN", False),
    ]
    assert all(one.answered_at - one.at >= 0.99 for one in evidence.messages)

    (one,) = play(asking(*late, times=1)).messages
    assert (one.reply, one.answered_in_time) == ("HANDLER_EXCEPTION", True)


@pytest.mark.simulator
def test_a_thread_that_waits_for_a_reply_that_is_lost_is_waited_for() -> None:
    evidence = play(asking(Fault(FaultKind.LOSE_REPLY, "site-0", nths=(1,)), asker="InThread", timeout=2.0))

    assert answers(evidence) == [TIMEOUT, OK, OK]
    assert handled(evidence) == ["no 1", "no 2", "no 3"]


@pytest.mark.simulator
def test_a_message_that_is_delayed_beyond_its_senders_patience_is_handled_all_the_same() -> None:
    evidence = play(asking(Fault(FaultKind.DELAY, nths=(2,), seconds=2.5), times=2, timeout=1.0))

    assert answers(evidence) == [OK, TIMEOUT]
    assert handled(evidence) == ["no 1", "no 2"]
    assert seen(evidence) == [(1, *DELIVERED), (2, ("delay",), "OK", False)]


@pytest.mark.simulator
def test_a_message_that_is_held_arrives_when_the_other_one_has_been_answered() -> None:
    after = ("site-0", "site-1", "hello", 2)
    evidence = play(asking(Fault(FaultKind.HOLD, nths=(1,), seconds=30.0, after=after), times=2, timeout=0.5))

    assert answers(evidence) == [TIMEOUT, OK]
    assert handled(evidence) == ["no 2", "no 1"]
    assert seen(evidence) == [(1, ("hold",), "OK", False), (2, *DELIVERED)]


@pytest.mark.simulator
def test_a_message_that_is_held_for_another_one_that_never_comes_arrives_in_the_end() -> None:
    after = ("site-1", "site-0", "hello", 1)
    evidence = play(asking(Fault(FaultKind.HOLD, nths=(1,), seconds=0.3, after=after), times=1))

    assert answers(evidence) == [OK] and handled(evidence) == ["no 1"]


@pytest.mark.simulator
def test_a_reply_that_comes_when_its_sender_has_given_up_is_told_apart() -> None:
    evidence = play(asking(answerer="Slow", times=1, timeout=0.5))

    assert answers(evidence) == [TIMEOUT] and handled(evidence) == ["no 1"]
    assert seen(evidence) == [(1, (), "OK", False)]
    assert [message.gave_up_after for message in evidence.messages] == [0.5]


@pytest.mark.simulator
def test_a_reply_is_in_time_if_its_sender_is_given_it() -> None:
    """NVFlare first waits until the request is sent. If that takes too long it gives up, though the reply be here."""
    evidence = play(asking(asker="Starved", times=1, timeout=0.5))

    assert answers(evidence) == [TIMEOUT] and handled(evidence) == ["no 1"]
    assert seen(evidence) == [(1, (), "OK", False)]


@pytest.mark.simulator
@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.DUPLICATE, FaultKind.DELAY])
def test_messages_that_nobody_waits_for_meet_their_fate_too(kind: FaultKind) -> None:
    fault = Fault(kind, nths=(1,), seconds=1.0 if kind is FaultKind.DELAY else 0.0)
    evidence = play(asking(fault, times=1, timeout=0.0))

    assert len(handled(evidence)) == {FaultKind.DROP: 0, FaultKind.DUPLICATE: 2, FaultKind.DELAY: 1}[kind]
    assert seen(evidence) == [(1, (kind,), None, False)]


@pytest.mark.simulator
@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.DUPLICATE, FaultKind.DELAY, FaultKind.LOSE_REPLY])
def test_a_message_of_several_chunks_is_decided_about_once(kind: FaultKind) -> None:
    fault = Fault(kind, nths=(1,), seconds=0.3 if kind is FaultKind.DELAY else 0.0)
    evidence = play(asking(fault, times=2, timeout=3.0, size=3 << 20))

    lost = kind in (FaultKind.DROP, FaultKind.LOSE_REPLY)
    assert answers(evidence) == [TIMEOUT if lost else OK, OK]
    assert len(handled(evidence)) == {FaultKind.DROP: 1, FaultKind.DUPLICATE: 3}.get(kind, 2)
    assert [(message.attempt, message.fate) for message in evidence.messages] == [(1, (kind,)), (2, ())]


@pytest.mark.simulator
def test_a_message_passes_that_is_larger_than_what_nvflare_sends_ahead() -> None:
    evidence = play(asking(Fault(FaultKind.DROP, nths=(2,)), times=1, timeout=30.0, size=80 << 20))

    assert (answers(evidence), handled(evidence)) == ([OK], ["no 1"])


@pytest.mark.simulator
@pytest.mark.sampled(3)
@pytest.mark.parametrize("isolation", [Isolation.NONE, Isolation.SANDBOX])
@pytest.mark.parametrize("after", [0, 2])
def test_who_dies_gets_nothing_any_more(after: int, isolation: Isolation) -> None:
    death = Fault(FaultKind.DIE, "site-0", "site-1", nths=(after + 1,) if after else (), party="site-1")
    evidence = play(asking(death, timeout=0.5), isolation)

    assert evidence.died == {"site-1"} and not evidence.ended
    assert answers(evidence) == [OK] * after + [TIMEOUT] * (3 - after)
    assert handled(evidence) == [f"no {number}" for number in range(1, after + 1)]
    assert seen(evidence)[after:] == [(number, ("die",), None, False) for number in range(after + 1, 4)]


SERVING = """
from nvflare.apis.dxo import from_shareable
from nvflare.apis.fl_constant import ReservedKey
from nvflare.apis.shareable import make_reply
from autograder.simulator.parties.conducting import TaskGiver

class Serving(TaskGiver):
    def start_controller(self, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.handle)
    def handle(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Received message from {sender}: {from_shareable(request).data['message']}")
        return make_reply("OK")
    def control_flow(self, abort_signal, fl_ctx):
        super().control_flow(abort_signal, fl_ctx)
        request = DXO("APP_DEFINED", data={"message": "bye"}).to_shareable()
        replies = fl_ctx.get_engine().send_aux_request(["site-0"], "bye", request, 4.0, fl_ctx)
        self.log_info(fl_ctx, f"Answer bye: {[reply.get_return_code() for reply in replies.values()]}")
"""


@pytest.mark.simulator
@pytest.mark.skipif(not find_bubblewrap().path, reason="no working bwrap here")
def test_where_the_server_is_a_students_the_faults_are_in_the_courses_sites() -> None:
    faults = (
        Fault(FaultKind.DROP, "site-0", "server", "hello", (2,)),
        Fault(FaultKind.LOSE_REPLY, "site-1", "server", "hello", (1,)),
        Fault(FaultKind.DUPLICATE, "site-1", "server", "hello", (2,)),
        Fault(FaultKind.DIE, "site-2", "server", "hello", (1,), party="site-2"),
        Fault(FaultKind.DROP, "server", "site-0", "bye"),
    )
    turns = [[spoken("server", "hello", {"message": f"no {number}"})] for number in (1, 2, 3)]
    speaker = Part("autograder.simulator.parties.conducting", "Speaker", arguments={"turns": turns})
    source = SERVING.replace("from nvflare.apis.dxo import", "from nvflare.apis.dxo import DXO,")
    server = Part("serving", "Serving", {"serving": source}, {"task": "talk"})
    executors = dict.fromkeys(SITES, speaker)
    evidence = play(
        Scenario("test", server, executors, frozenset({"server"}), (), faults=FaultPlan(faults)), Isolation.SANDBOX
    )

    lines = sorted(line.text for line in evidence.lines_of("server") if line.text.startswith(("Received", "Answer")))
    assert [line.removeprefix("Received message from ") for line in lines] == [
        "Answer bye: ['TIMEOUT']",
        *[f"site-0: no {number}" for number in (1, 3)],
        *[f"site-1: no {number}" for number in (1, 2, 2, 3)],
        "site-2: no 1",
    ]
    assert evidence.died == {"site-2"}
    assert {(m.sender, m.attempt): (m.fate, m.reply, m.answered_in_time) for m in evidence.messages} == {
        ("site-0", 1): DELIVERED,
        ("site-0", 2): (("drop",), None, False),
        ("site-0", 3): DELIVERED,
        ("site-1", 1): (("lose_reply",), "OK", False),
        ("site-1", 2): (("duplicate",), "OK", True),
        ("site-1", 3): DELIVERED,
        ("site-2", 1): ((), None, False),
        ("server", 1): (("drop",), None, False),
    }


def test_what_the_network_relies_on_is_there() -> None:
    assert list(inspect.signature(CoreCell._send_to_endpoint).parameters) == ["self", "to_endpoint", "message"]
    assert list(inspect.signature(CoreCell._forward).parameters)[1:] == [
        "endpoint",
        "origin",
        "destination",
        "msg_type",
        "message",
    ]
    assert list(inspect.signature(CoreCell.process_message).parameters)[1:3] == ["endpoint", "connection"]
    assert "self._send_to_endpoint(" in inspect.getsource(CoreCell._send_target_messages)
    assert "self.requests_dict[req_id]" in inspect.getsource(Cell._process_reply)
    assert 'register_blob_cb(CellChannel.RETURN_ONLY, "*", self._process_reply)' in inspect.getsource(Cell.__init__)


@pytest.mark.simulator
def test_a_witness_that_fails_stops_nothing_and_makes_the_run_doubtful() -> None:
    giver = Part("giving", "Giver", {"giving": FAILING_ONCE}, {"task": "talk"})
    scenario = replace(asking(), controller=giver)
    with run(scenario, isolation=Isolation.NONE) as record:
        evidence = collect(record)

    assert (evidence.end, answers(evidence)) == (End.SETTLED, [OK, OK, OK])
    assert evidence.course_failed == {SERVER: "KeyError: 'x'"}
    assert "KeyError" in doubt_about(RunEvidence(scenario, evidence))
