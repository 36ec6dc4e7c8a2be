"""Controls the messages that pass a cell: stops them, delivers them later or twice, answers for somebody.

Like `autograder.simulator.nvflare_private.witness`, which decides about it, this knows names that NVFlare 2.9.0 does
not document; ``tests/simulator/test_message_control.py`` fails when a new version changes them.
"""

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nvflare.apis.shareable import make_reply
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey, MessageType, ReturnCode
from nvflare.fuel.f3.cellnet.utils import encode_payload
from nvflare.fuel.f3.endpoint import Endpoint
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.streaming import stream_utils
from nvflare.fuel.f3.streaming.stream_const import (
    STREAM_ACK_TOPIC,
    STREAM_CHANNEL,
    STREAM_DATA_TOPIC,
    StreamDataType,
    StreamHeaderKey,
)

from autograder.simulator.guard import Guard
from autograder.simulator.scenario import SERVER

_JUDGED = "course_judged"
"""A property of messages that have been judged; properties stay in the process."""


def server_cell() -> CoreCell:
    """Return the root cell of the server that runs in this process."""
    return CoreCell.ALL_CELLS[SERVER]


class Network:
    """The messages that pass one cell, and those that it sends itself.

    Args:
        cell: such as the server's root cell, through which everything between sites goes.
        guard: tells of it when whoever judges a message fails.
    """

    def __init__(self, cell: CoreCell, guard: Guard) -> None:
        self._cell = cell
        self._guard = guard
        self._send: Callable[[Endpoint, Message], str] = cell._send_to_endpoint

    @property
    def site(self) -> str:
        """Return the site to which the cell belongs."""
        return site_of(self._cell.my_info.fqcn)

    def watch(self, stops: Callable[[Message], bool]) -> None:
        """Ask of every message from now on whether it is stopped here. One that is delivered later is not asked about.

        A message whose judge fails goes on: an exception in an interceptor would drop it.
        """

        def judge(message: Message) -> bool:
            if message.get_prop(_JUDGED):
                return False
            return self._guard.do(partial(stops, message), False)

        def send(to_endpoint: Endpoint, message: Message) -> str:
            mine = message.get_header(MessageHeaderKey.ORIGIN) == self._cell.my_info.fqcn
            request = message.get_header(MessageHeaderKey.MSG_TYPE) == MessageType.REQ
            # To its sender a message that was stopped has been sent.
            return "" if mine and request and judge(message) else self._send(to_endpoint, message)

        self._cell._send_to_endpoint = send
        self._cell.set_message_interceptor(judge)

    def deliver(self, messages: Sequence[Message]) -> None:
        """Deliver messages that were stopped, from any thread."""
        for message in messages:
            message.set_prop(_JUDGED, True)
            origin = message.get_header(MessageHeaderKey.ORIGIN)
            destination = message.get_header(MessageHeaderKey.DESTINATION)
            endpoint = Endpoint(origin)
            if destination == self._cell.my_info.fqcn:
                self._cell.process_message(endpoint, None, CoreCell.APP_ID, message)
            else:
                self._cell._forward(endpoint, origin, destination, MessageType.REQ, message)

    def deliver_later(self, seconds: float, messages: Sequence[Message]) -> None:
        """Deliver messages after some seconds, and return at once."""
        self.do_later(seconds, partial(self.deliver, messages))

    def do_later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something after some seconds, and return at once."""
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Tell the sender of a stream that it arrived, so that nothing of it is sent again."""
        for message in messages:
            headers = {
                **_routing(
                    message.get_header(MessageHeaderKey.DESTINATION), message.get_header(MessageHeaderKey.ORIGIN)
                ),
                MessageHeaderKey.CHANNEL: STREAM_CHANNEL,
                MessageHeaderKey.TOPIC: STREAM_ACK_TOPIC,
                StreamHeaderKey.STREAM_ID: message.get_header(StreamHeaderKey.STREAM_ID),
                StreamHeaderKey.DATA_TYPE: StreamDataType.ACK,
                StreamHeaderKey.SEQUENCE: message.get_header(StreamHeaderKey.SEQUENCE),
                StreamHeaderKey.OFFSET: message.get_header(StreamHeaderKey.OFFSET, 0) + len(payload_of(message)),
            }
            # Not in the thread that brings what is acknowledged: its sender may hold a lock until that is done.
            self.deliver_later(0, [Message(headers, b"")])

    def answer(self, request: dict[str, Any], code: str) -> None:
        """Answer a request, of which these are the headers, with a return code, in the name of its receiver."""
        channel, topic = request.get(StreamHeaderKey.CHANNEL), request.get(StreamHeaderKey.TOPIC)
        headers = {
            **_routing(request[MessageHeaderKey.DESTINATION], request[MessageHeaderKey.ORIGIN]),
            MessageHeaderKey.CHANNEL: STREAM_CHANNEL,
            MessageHeaderKey.TOPIC: STREAM_DATA_TOPIC,
            MessageHeaderKey.RETURN_CODE: ReturnCode.OK,
            StreamHeaderKey.STREAM_REQ_ID: request.get(StreamHeaderKey.STREAM_REQ_ID),
            StreamHeaderKey.CHANNEL: CellChannel.RETURN_ONLY,
            StreamHeaderKey.TOPIC: f"{channel}:{topic}",
            StreamHeaderKey.STREAM_ID: stream_utils.gen_stream_id(),
            StreamHeaderKey.DATA_TYPE: StreamDataType.FINAL,
            StreamHeaderKey.SEQUENCE: 0,
            StreamHeaderKey.OFFSET: 0,
            StreamHeaderKey.OPTIONAL: True,
        }
        reply = Message(headers, make_reply(code))
        encode_payload(reply, StreamHeaderKey.PAYLOAD_ENCODING, fobs_ctx=self._cell.get_fobs_context())
        reply.payload = payload_of(reply)
        reply.set_header(StreamHeaderKey.SIZE, len(reply.payload))
        self.deliver_later(0, [reply])


def copies_of(messages: Sequence[Message]) -> list[Message]:
    """Return a second stream, or message, of the same content."""
    stream = stream_utils.gen_stream_id()
    copies = []
    for message in messages:
        headers = {**message.headers, MessageHeaderKey.ROUTE: list(message.get_header(MessageHeaderKey.ROUTE) or [])}
        if StreamHeaderKey.STREAM_ID in headers:
            headers[StreamHeaderKey.STREAM_ID] = stream
        copies.append(Message(headers, payload_of(message)))
    return copies


def payload_of(message: Message) -> bytes:
    """Return a copy of the payload of a message, or of a part of one: NVFlare also has lists of buffers there."""
    payload = message.payload or b""
    return b"".join(payload) if isinstance(payload, list) else bytes(payload)


def site_of(cell_name: Any) -> str:
    """Return the site of a cell, which is called ``<site>.simulate_job``."""
    return str(cell_name).partition(".")[0]


def _routing(origin: str, destination: str) -> dict[str, Any]:
    return {
        MessageHeaderKey.ORIGIN: origin,
        MessageHeaderKey.DESTINATION: destination,
        MessageHeaderKey.MSG_TYPE: MessageType.REQ,
        MessageHeaderKey.REPLY_EXPECTED: False,
        MessageHeaderKey.ROUTE: [(origin, time.time())],
    }
