"""The witness, without a simulator: what it counts, and which reply it records, whatever comes at the same moment."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.streaming.stream_const import STREAM_DATA_TOPIC, StreamDataType, StreamHeaderKey
from nvflare.fuel.utils import fobs

from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.nvflare_private.message_control import Network
from autograder.simulator.nvflare_private.passed import Passed
from autograder.simulator.nvflare_private.witness import Witness
from autograder.simulator.scenario import SERVER

_STREAMS = count(1)


class Wire(Network):
    """A server's network of which nothing is there but who judges the messages."""

    site = SERVER

    def __init__(self) -> None:
        self.passes: Callable[[Message], bool] = lambda message: False

    def watch(self, stops: Callable[[Message], bool]) -> None:
        self.passes = stops

    def deliver(self, messages: Sequence[Message]) -> None:
        pass


def stream(origin: str, destination: str, channel: str, topic: str, content: Shareable) -> Message:
    """A message of one chunk, all of which belong to the same request."""
    headers = {
        MessageHeaderKey.ORIGIN: f"{origin}.simulate_job",
        MessageHeaderKey.DESTINATION: f"{destination}.simulate_job",
        MessageHeaderKey.TOPIC: STREAM_DATA_TOPIC,
        StreamHeaderKey.DATA_TYPE: StreamDataType.FINAL,
        StreamHeaderKey.STREAM_ID: next(_STREAMS),
        StreamHeaderKey.SEQUENCE: 0,
        StreamHeaderKey.CHANNEL: channel,
        StreamHeaderKey.TOPIC: topic,
        StreamHeaderKey.STREAM_REQ_ID: "1",
    }
    return Message(headers, fobs.dumps(content))


def request() -> Message:
    return stream("site-0", "site-1", CellChannel.AUX_COMMUNICATION, "hello", Shareable())


def reply(code: str = ReturnCode.OK) -> Message:
    topic = f"{CellChannel.AUX_COMMUNICATION}:hello"
    return stream("site-1", "site-0", CellChannel.RETURN_ONLY, topic, make_reply(code))


def test_what_has_been_counted_once_stays_as_it_was() -> None:
    wire = Wire()
    witness = Witness(wire, lambda kind, **fields: None, FaultPlan(), end=lambda party: None)
    witness.install()
    before = witness.passed()
    wire.passes(request())
    between = witness.passed()
    wire.passes(reply())

    way = ("site-0", "site-1", "hello")
    asked: dict[str, Any] = {"sent_by": Counter(["site-0"]), "sent_to": Counter(["site-1"]), "arrived": Counter([way])}
    assert before == Passed()
    assert between == Passed(**asked, owed_by=Counter(["site-1"]))
    assert witness.passed() == Passed(**asked, replies_to=Counter(["site-0"]))


def test_of_two_replies_at_once_to_a_message_that_came_twice_the_first_is_recorded() -> None:
    wire = Wire()
    recorded: list[str] = []

    def record(kind: str, **fields: Any) -> None:
        if kind == "reply":
            recorded.append(fields["return_code"])
            if len(recorded) == 1:
                wire.passes(reply(ReturnCode.ERROR))  # while the first one is being written

    plan = FaultPlan((Fault(FaultKind.DUPLICATE, "site-0", "site-1", "hello", (1,)),))
    witness = Witness(wire, record, plan, end=lambda party: None)
    witness.install()
    wire.passes(request())
    wire.passes(reply())

    assert recorded == ["OK"]
    assert (witness.passed().replies_to, witness.passed().owed_by) == (Counter({"site-0": 2}), Counter())
