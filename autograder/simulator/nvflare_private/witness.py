"""The witness of a run's messages: it sits on the server's root cell, describes what passes, and applies the faults.

It knows names that NVFlare 2.9.0 does not document; ``tests/simulator/test_framework_traffic.py`` fails when a new
version changes them.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from nvflare.apis.fl_constant import ReturnCode, ServerCommandNames
from nvflare.apis.shareable import ReservedHeaderKey, Shareable
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey
from nvflare.fuel.f3.cellnet.defs import ReturnCode as CellReturnCode
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.streaming.stream_const import (
    STREAM_DATA_TOPIC,
    STREAM_ERROR_TOPIC,
    StreamDataType,
    StreamHeaderKey,
)

from autograder.simulator.network.faults import DELIVERED, LOST_TO_THE_DEAD, Fate, FaultPlan, Way
from autograder.simulator.nvflare_private.framework_traffic import Timetable, is_frameworks
from autograder.simulator.nvflare_private.held_messages import HeldMessages
from autograder.simulator.nvflare_private.message_control import Network, copies_of, payload_of, site_of
from autograder.simulator.nvflare_private.message_counters import counts_as_reply
from autograder.simulator.nvflare_private.passed import Passed
from autograder.simulator.nvflare_private.payload import Stream, decode, describe_content, describe_reply, reply_content
from autograder.simulator.nvflare_private.streams import Chunks, PassingStream, in_one_piece
from autograder.simulator.nvflare_private.topics import COLLAB_CHANNEL, COLLAB_METHOD, SENT_TOPICS
from autograder.simulator.nvflare_private.transactions import Role, Step, Transactions, is_answer
from autograder.simulator.scenario import SERVER

_CHUNK_TYPES = (StreamDataType.CHUNK, StreamDataType.FINAL)
_AUX = "aux"
_TASK_REQUEST = (CellChannel.SERVER_COMMAND, ServerCommandNames.GET_TASK)
_TOLD_AFTER = 16
"""Parts of a message that are held before their sender is told that they have come: it sends no more than 64 MiB ahead,
and a part has at most 1 MiB."""
_MOST_REMEMBERED = 10_000
"""Streams of which it is known that they have passed, so that a chunk that is sent again counts for nothing."""
_NO_SHAREABLE = AssertionError.__name__
"""What a receiver's cell names in its error: NVFlare asserts that the reply of a handler is a Shareable."""


@dataclass(frozen=True)
class _Asked:
    """A request whose reply is on its way, or still to come."""

    receiver: str
    fate: Fate = DELIVERED
    transaction: str = ""
    way: Way | None = None


class Witness:
    """Sees every aux message of a run pass the server's root cell, through which all traffic between sites goes.

    Aux messages travel as streams of chunks; a request and its reply share a request id. Those of
    ``multicast_aux_requests`` with ``timeout=0`` come in one piece. What a site sends to itself does not pass here:
    `MessageCounters` counts that.

    What `is_frameworks` knows is not counted, here as at the sites; what of it does not fit into the `Timetable` is a
    component's all the same, and recorded.

    What is to happen to a message is decided once, when all of it has come, and by the plan alone.

    Args:
        network: of the cell on which it sits. Where a student's code is the server, each of the course's sites has a
            witness on its own cell, for what it sends and what the server sends it.
        record: called with a kind, ``request`` or ``reply``, and the fields of a journal entry.
        plan: the faults of the network.
        end: called with the name of a party that dies.
        correct: called with what this network loses or doubles; on the server nobody else counts it.
        allow: makes seconds of an idle machine those of this one.
    """

    def __init__(
        self,
        network: Network,
        record: Callable[..., None],
        plan: FaultPlan,
        end: Callable[[str], None],
        correct: Callable[..., None] = lambda **counts: None,
        allow: Callable[[float], float] = float,
    ) -> None:
        self._network = network
        self._record = record
        self._plan = plan
        self._end = end
        self._correct = correct
        self._streams: OrderedDict[tuple[Any, ...], PassingStream] = OrderedDict()
        self._lock = threading.Lock()
        self._unanswered: dict[str, _Asked] = {}
        self._numbers: Counter[tuple[str, str, str]] = Counter()
        self._held = HeldMessages(network, allow)
        self._dead: set[str] = set()
        self._lost: set[str] = set()
        self._answered: set[str] = set()
        self._timetable = Timetable()
        self._transactions = Transactions()
        self._passed = Passed()

    def install(self) -> None:
        """Start to watch."""
        self._network.watch(self._stops)
        if self._network.site in self._plan.dead_from_the_start:
            self._let_die(self._network.site)

    def passed(self) -> Passed:
        """Return the counts of what has passed, all of the same moment."""
        with self._lock:
            owing = (*(asked.receiver for asked in self._unanswered.values()), *self._transactions.owed_by())
            return replace(deepcopy(self._passed), owed_by=Counter(owing))

    def end_those_who_are_dead_from_the_start(self) -> frozenset[str]:
        """End the parties that are dead before the exercise begins, and return them."""
        for party in self._plan.dead_from_the_start:
            self._let_die(party)
        return self._plan.dead_from_the_start

    def _let_die(self, party: str, last: Sequence[Message] = ()) -> None:
        """Let nothing pass from or to a party any more but its last messages, then end it."""
        with self._lock:
            if party in self._dead:
                return
            self._dead.add(party)
        self._network.deliver(last)
        self._end(party)

    def _stops(self, message: Message) -> bool:
        if self._is_dead(message.get_header(MessageHeaderKey.ORIGIN)):
            return True
        topic = message.get_header(MessageHeaderKey.TOPIC)
        if message.get_header(MessageHeaderKey.CHANNEL) == CellChannel.AUX_COMMUNICATION:
            return self._complete(in_one_piece(message), [message])
        if topic == STREAM_DATA_TOPIC and message.get_header(StreamHeaderKey.DATA_TYPE) in _CHUNK_TYPES:
            return self._stops_chunk(message)
        if topic == STREAM_ERROR_TOPIC and self._stops_error(message):
            return True
        return self._is_dead(message.get_header(MessageHeaderKey.DESTINATION))

    def _is_dead(self, cell: Any) -> bool:
        return bool(self._dead) and site_of(cell) in self._dead

    def _stops_chunk(self, message: Message) -> bool:
        # As a receiver knows its streams: what has the id of another one of the same sender's is taken for that.
        ends = (message.get_header(MessageHeaderKey.ORIGIN), message.get_header(MessageHeaderKey.DESTINATION))
        key = (*map(str, ends), message.get_header(StreamHeaderKey.STREAM_ID))
        with self._lock:
            passing = self._streams.setdefault(key, PassingStream(Chunks(dict(message.headers))))
            if passing.whole:
                return passing.stopped
            final = message.get_header(StreamHeaderKey.DATA_TYPE) == StreamDataType.FINAL
            is_new = passing.chunks.add(message.get_header(StreamHeaderKey.SEQUENCE), payload_of(message), final=final)
            if not passing.chunks.complete:
                return self._holds(passing, message, is_new=is_new)
            stream, held = passing.pass_whole()
            while len(self._streams) > _MOST_REMEMBERED:
                self._streams.popitem(last=False)
        passing.stopped = self._complete(stream, [*held, message])
        if not passing.stopped:
            self._network.deliver(held)
        return passing.stopped

    def _holds(self, passing: PassingStream, message: Message, *, is_new: bool) -> bool:
        """Hold a chunk until the whole message can be decided about; return False if nothing is to be decided."""
        if not self._plan.faults:
            return False
        message.payload = payload_of(message)  # its sender may use the buffer for the next one
        if is_new:
            passing.held.append(message)
        # That one has come says the same of all before it.
        if len(passing.held) % _TOLD_AFTER == 0 and passing.chunks.ends_with(
            message.get_header(StreamHeaderKey.SEQUENCE)
        ):
            self._network.acknowledge([message])
        return True

    def _stops_error(self, message: Message) -> bool:
        """Take note that a receiver's cell reports a failed callback, as it does for a reply that is no Shareable."""
        problem = str(message.get_header(StreamHeaderKey.ERROR_MSG))[:200]
        told = {"return_code": None, "problem": problem, "no_shareable": _NO_SHAREABLE in problem}
        return self._complete_reply(_fields(dict(message.headers)), lambda: told)

    def _complete(self, stream: Stream, messages: list[Message]) -> bool:
        """Take note of a whole message, and return whether it is stopped."""
        channel = stream.headers.get(StreamHeaderKey.CHANNEL)
        fields = _fields(stream.headers)
        if channel == CellChannel.AUX_COMMUNICATION:
            return self._complete_request(fields, decode(stream), stream.headers, messages)
        if channel == COLLAB_CHANNEL:
            called = {**fields, "topic": str(stream.headers.get(COLLAB_METHOD))}
            return self._complete_request(called, _arguments(decode(stream)), stream.headers, messages, COLLAB_CHANNEL)
        if channel == CellChannel.RETURN_ONLY:
            return self._complete_reply_stream(fields, stream, messages)
        if (channel, fields["topic"]) == _TASK_REQUEST:
            with self._lock:
                self._timetable.note_task_request(fields["sender"])
        return fields["receiver"] in self._dead

    def _complete_request(
        self,
        fields: dict[str, str],
        request: Any,
        headers: dict[str, Any],
        messages: list[Message],
        channel: str = _AUX,
    ) -> bool:
        sender, receiver, topic = fields["sender"], fields["receiver"], fields["topic"]
        if sender == SERVER and topic in SENT_TOPICS and channel == _AUX and self._is_no_components(request):
            return receiver in self._dead
        if self._network.site not in (SERVER, sender) and sender != SERVER:
            return False  # whoever sent it has a witness
        frameworks = is_frameworks(topic, receiver, request)
        if frameworks and fields["id"]:
            with self._lock:
                if self._timetable.expects(topic, sender):
                    return False
        with self._lock:
            step = self._transactions.read(sender, receiver, topic, request)
        if step and step.role is not Role.REQUEST:
            return self._go_on(step, fields, request)
        topic, transaction = (step.topic, step.transaction) if step else (topic, "")
        number, fate = self._decide(sender, receiver, topic)
        # Recorded before it is counted: what counts as seen must be in the journal when the run is found quiet.
        told = {
            **fields,
            "topic": topic,
            "channel": channel,
            "transaction": transaction,
            "again": bool(step and step.again),
        }
        self._record("request", **told, nth=number, faults=list(fate.faults), **describe_content(request))
        with self._lock:
            self._passed.sent_by[sender] += not frameworks
            self._passed.sent_to[receiver] += fate.arrivals * (not frameworks)
            self._passed.arrived[sender, receiver, topic] += fate.arrivals
            if fields["id"] and (fate.arrivals or fate.refusal):
                self._unanswered[fields["id"]] = _Asked(receiver, fate, transaction, (sender, receiver, topic, number))
            if transaction and fate.arrivals:
                self._transactions.begin(transaction)
        if not fields["id"]:
            self._held.release((sender, receiver, topic, number))  # nobody answers it
        if self._network.site == sender:
            self._correct(sent=fate.arrivals - 1)
        else:
            unheard = bool(fields["id"]) and not fate.arrivals and not fate.refusal
            self._correct(handled=1 - fate.arrivals, unheard=int(unheard))
        if sender in fate.deaths:
            self._let_die(sender, messages)
            return True
        return self._apply(fate, fields, headers, messages)

    def _is_no_components(self, request: Any) -> bool:
        """Return whether a request of the server's on a topic of NVFlare's or the course's is not its components'.

        Where a student's code is the server, it could hide a message there, but none with content.
        """
        if self._network.site == SERVER:
            return True
        return isinstance(request, Shareable) and request.keys() <= {ReservedHeaderKey.HEADERS}

    def _go_on(self, step: Step, fields: dict[str, str], request: Any) -> bool:
        """Take note of a query or an answer that NVFlare sends by itself in a transaction."""
        if step.role is Role.REPLY:
            told = {**fields, "id": step.transaction, "topic": step.topic}
            self._record("reply", **told, **describe_reply(request, None), lost=False)
        with self._lock:
            self._passed.sent_by[fields["sender"]] += 1
            self._passed.sent_to[fields["receiver"]] += 1
            if fields["id"]:
                self._unanswered[fields["id"]] = _Asked(fields["receiver"], transaction=step.transaction)
            if step.role is Role.REPLY:
                self._transactions.end(step.transaction)
        return fields["receiver"] in self._dead

    def _decide(self, sender: str, receiver: str, topic: str) -> tuple[int, Fate]:
        """Return the number of a message on its link, and what happens to it."""
        with self._lock:
            self._numbers[sender, receiver, topic] += 1
            number = self._numbers[sender, receiver, topic]
        fate = DELIVERED if topic in SENT_TOPICS else self._plan.fate(sender, receiver, topic, number)
        for party in fate.deaths:
            if party != sender:
                self._let_die(party)
        return number, LOST_TO_THE_DEAD if receiver in self._dead else fate

    def _apply(self, fate: Fate, fields: dict[str, str], headers: dict[str, Any], messages: list[Message]) -> bool:
        """Apply its fate to a request, and return whether it is stopped."""
        if fate.refusal and fields["id"] and fate.delay:
            self._network.do_later(fate.delay, partial(self._refuse, fate.refusal, fields, headers))
        elif fate.refusal and fields["id"]:
            self._refuse(fate.refusal, fields, headers)
        if not fate.arrivals:
            return True
        copies = copies_of(messages) if fate.arrivals > 1 else []
        if fate.after and self._held.hold(fate, [*messages, *copies]):
            return True
        if fate.delay:
            for message in messages:
                message.payload = payload_of(message)
            self._network.deliver_later(fate.delay, [*messages, *copies])
            return True
        self._network.deliver(copies)
        return False

    def _refuse(self, code: str, fields: dict[str, str], headers: dict[str, Any]) -> None:
        """Answer a request with a return code, in the name of its receiver."""
        answered = {**fields, "sender": fields["receiver"], "receiver": fields["sender"]}
        if not self._complete_reply(answered, lambda: {"return_code": code, "problem": ""}):
            with self._lock:
                self._passed.replies_to[fields["sender"]] += 1
            self._network.answer(headers, code)

    def _complete_reply_stream(self, fields: dict[str, str], stream: Stream, messages: list[Message]) -> bool:
        with self._lock:
            asked = self._unanswered.get(fields["id"])
        receipt = bool(asked and asked.transaction) and not is_answer(decode(stream))
        if self._complete_reply(fields, partial(_what_came_back, stream), receipt=receipt):
            self._network.acknowledge(messages)
            return True
        with self._lock:
            self._passed.replies_to[fields["receiver"]] += counts_as_reply(stream.headers)
        return False

    def _complete_reply(
        self, fields: dict[str, str], describe: Callable[[], dict[str, Any]], *, receipt: bool = False
    ) -> bool:
        """Take note of a reply, and return whether it is lost.

        Args:
            describe: returns what is written down of it. That takes time, and most replies are to messages of NVFlare's
                or the course's, of which nothing is written down.
            receipt: whether it only says that a request of a transaction has come.
        """
        with self._lock:
            # Of two that come at once for a message that came twice, the first one is the reply.
            asked = None if fields["id"] in self._answered else self._unanswered.get(fields["id"])
            if asked and not receipt:
                self._answered.add(fields["id"])
            lost = (
                fields["id"] in self._lost
                or bool(asked and asked.fate.reply_is_lost)
                or fields["receiver"] in self._dead
            )
            if asked and lost:
                self._lost.add(fields["id"])
        # Everything else on the channel of replies is answered in the same way.
        if asked and not receipt and fields["receiver"] not in self._dead:
            told = {"id": asked.transaction} if asked.transaction else {}
            self._record("reply", **{**fields, **told}, **describe(), lost=lost)
        with self._lock:
            if asked and not receipt:
                self._transactions.end(asked.transaction)
            if asked:
                self._unanswered.pop(fields["id"], None)
                self._answered.discard(fields["id"])
        if asked and asked.way:
            self._held.release(asked.way)
        if lost and self._network.site == fields["sender"]:
            self._correct(unheard=1)
        elif lost:
            self._correct(replies=1)
        return lost


def _fields(headers: dict[str, Any]) -> dict[str, str]:
    """Return sender, receiver, topic and id: the fields that entries on requests and replies share."""
    # The topic of a reply is the request's with the channel before it.
    topic = str(headers.get(StreamHeaderKey.TOPIC)).removeprefix(f"{CellChannel.AUX_COMMUNICATION}:")
    return {
        "sender": site_of(headers.get(MessageHeaderKey.ORIGIN)),
        "receiver": site_of(headers.get(MessageHeaderKey.DESTINATION)),
        "topic": topic,
        "id": str(headers.get(StreamHeaderKey.STREAM_REQ_ID) or ""),
    }


def _arguments(call: Any) -> Any:
    """Return the arguments of a call as a request."""
    return Shareable(call["kwargs"]) if isinstance(call, dict) and isinstance(call.get("kwargs"), dict) else call


def _what_came_back(stream: Stream) -> dict[str, Any]:
    if not str(stream.headers.get(StreamHeaderKey.TOPIC)).startswith(f"{COLLAB_CHANNEL}:"):
        return reply_content(stream)
    code, returned = stream.headers.get(MessageHeaderKey.RETURN_CODE), decode(stream)
    content = {} if isinstance(returned, Exception) else describe_content(returned)
    return {"return_code": ReturnCode.OK if code == CellReturnCode.OK else str(code), "problem": "", **content}
