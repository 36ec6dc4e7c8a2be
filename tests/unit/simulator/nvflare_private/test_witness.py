"""The witness, without a simulator: what it counts, and which reply it records, whatever comes at the same moment."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
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
        self.delivered: list[int] = []
        self.acknowledged: list[int] = []

    def watch(self, stops: Callable[[Message], bool]) -> None:
        self.passes = stops

    def deliver(self, messages: Sequence[Message]) -> None:
        self.delivered += [message.get_header(StreamHeaderKey.SEQUENCE) for message in messages]

    def acknowledge(self, messages: Sequence[Message]) -> None:
        self.acknowledged += [message.get_header(StreamHeaderKey.SEQUENCE) for message in messages]


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


@given(st.lists(st.integers(0, 58), max_size=200), st.booleans())
def test_each_part_of_a_held_message_is_delivered_once_and_none_is_acknowledged_before_those_before_it(
    again: list[int], in_order: bool
) -> None:
    wire = Wire()
    plan = FaultPlan((Fault(FaultKind.DROP, "site-0", "site-1", "hello", (2,)),))
    Witness(wire, lambda kind, **fields: None, plan, end=lambda party: None).install()
    parts = parts_of(request(), 60)
    come: set[int] = set()
    for number in [*range(59), *again] if in_order else [*again, *range(59)]:
        before = len(wire.acknowledged)
        assert wire.passes(parts[number]), "held"
        come.add(number)
        assert all(come.issuperset(range(told + 1)) for told in wire.acknowledged[before:])
    assert not wire.passes(parts[59])

    assert sorted(wire.delivered) == list(range(59))
    assert wire.acknowledged or not in_order


def parts_of(message: Message, count: int) -> list[Message]:
    """The message in so many parts, of which the last ones have nothing in them."""
    parts = []
    for number in range(count):
        kind = StreamDataType.FINAL if number == count - 1 else StreamDataType.CHUNK
        headers = {**message.headers, StreamHeaderKey.SEQUENCE: number, StreamHeaderKey.DATA_TYPE: kind}
        parts.append(Message(headers, b"" if number else message.payload))
    return parts
