"""``ReliableMessage`` in the real simulator: a message is seen with its own topic, and known when it is sent again."""

import textwrap

import pytest
from nvflare.apis.dxo import DXO, DataKind
from nvflare.apis.shareable import Shareable

from autograder.evidence.collect import collect
from autograder.evidence.model import Evidence, Message
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.nvflare_private.transactions import Role, Transactions
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part, Scenario
from tests.simulator.parts import EXECUTOR, SITES

REQUEST, REPLY = "RM.RELIABLE_REQUEST", "RM.RELIABLE_REPLY"


def sent(operation: str, number: str = "1", topic: str = "value", content: object = None) -> Shareable:
    request = DXO(DataKind.APP_DEFINED, data={"x": content}).to_shareable() if content else Shareable()
    for key, value in (("rm.op", operation), ("rm.tx_id", number), ("rm.topic", topic)):
        if operation != "query" or key != "rm.topic":
            request.set_header(key, value)
    return request


def test_a_request_that_is_sent_again_is_told_from_a_new_one() -> None:
    transactions = Transactions()
    steps = [transactions.read("a", "b", REQUEST, sent("req", number, content=1)) for number in "112"]

    assert [(step.transaction, step.topic, step.again) for step in steps if step] == [
        ("1", "value", False),
        ("1", "value", True),
        ("2", "value", False),
    ]


@pytest.mark.parametrize(
    ("sender", "receiver", "topic", "request_", "role"),
    [
        ("a", "b", REQUEST, sent("query"), Role.QUERY),
        ("b", "a", REPLY, sent("reply"), Role.REPLY),
        ("a", "b", REQUEST, sent("query", content=1), None),
        ("a", "b", REQUEST, sent("query", "2"), None),
        ("c", "b", REQUEST, sent("query"), None),
        ("c", "a", REPLY, sent("reply"), None),
        ("a", "b", "hello", sent("query"), None),
        ("a", "c", REQUEST, sent("req"), None),
    ],
)
def test_only_what_belongs_to_a_transaction_is_nvflares_own(
    sender: str, receiver: str, topic: str, request_: Shareable, role: Role | None
) -> None:
    transactions = Transactions()
    transactions.read("a", "b", REQUEST, sent("req", content=1))
    step = transactions.read(sender, receiver, topic, request_)

    assert (step and step.role) == role


RELIABLE = """
from nvflare.apis.utils.reliable_message import ReliableMessage

class Reliable(Quiet):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            ReliableMessage.enable(fl_ctx)
            ReliableMessage.register_request_handler("hello", self.handle, fl_ctx)
    def talk(self, fl_ctx):
        if fl_ctx.get_identity_name() == "site-0":
            for number in (1, 2):
                request = DXO(DataKind.APP_DEFINED, data={"message": f"no {number}"}).to_shareable()
                signal = fl_ctx.get_run_abort_signal()
                reply = ReliableMessage.send_request("site-1", "hello", request, 1.0, 30.0, signal, fl_ctx)
                self.log_info(fl_ctx, f"Answer {number}: {reply.get_return_code()}")
"""


def play(*faults: Fault) -> Evidence:
    executor = Part("executors", "Reliable", {"executors": EXECUTOR + textwrap.dedent(RELIABLE)})
    giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": "talk"})
    plan = FaultPlan(faults)
    scenario = Scenario("test", giver, dict.fromkeys(SITES, executor), frozenset(SITES), (), faults=plan)
    with run(scenario, isolation=Isolation.NONE) as record:
        evidence = collect(record)
    assert not evidence.course_failed
    assert evidence.end is End.SETTLED and evidence.quiet
    return evidence


def said(message: Message) -> object:
    assert isinstance(message.content.data, dict)
    return message.content.data["message"]


def lines(evidence: Evidence, beginning: str) -> list[str]:
    return [line.text.rpartition(": ")[2] for line in evidence.log_lines if line.text.startswith(beginning)]


@pytest.mark.simulator
@pytest.mark.parametrize("dropped", [(), (1, 2)])
def test_a_reliable_message_is_seen_with_its_topic_and_its_answer(dropped: tuple[int, ...]) -> None:
    evidence = play(*[Fault(FaultKind.DROP, "site-0", "site-1", "hello", (n,)) for n in dropped])

    assert lines(evidence, "Answer") == ["OK", "OK"]
    assert lines(evidence, "Received message") == ["no 1", "no 2"]
    assert {(m.sender, m.receiver, m.topic, said(m), m.reply) for m in evidence.messages} == {
        ("site-0", "site-1", "hello", f"no {number}", "OK") for number in (1, 2)
    }
    assert [said(m) for m in evidence.messages if not m.again] == ["no 1", "no 2"]
    assert [m.attempt for m in evidence.messages if not m.fate][:1] == [len(dropped) + 1]
    assert [m.attempt for m in evidence.messages if m.fate] == list(dropped)
