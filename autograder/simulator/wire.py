"""The witnesses of a run's aux messages: one on the server's root cell, one counter in each process.

Like `nvflare_private`, this knows names that NVFlare 2.9.0 does not document; ``test_nvflare_private.py`` and
``test_framework_traffic.py`` in ``tests/simulator`` fail when a new version changes them. It is apart from there
because it changes nothing: it only looks.
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from nvflare.apis.fl_constant import ServerCommandNames
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.streaming.stream_const import (
    STREAM_DATA_TOPIC,
    STREAM_ERROR_TOPIC,
    StreamDataType,
    StreamHeaderKey,
)

from autograder.simulator.content import Stream, decode, describe_request, reply_content
from autograder.simulator.framework_traffic import Timetable, is_frameworks

_CHUNK_TYPES = (StreamDataType.CHUNK, StreamDataType.FINAL)
_TASK_REQUEST = (CellChannel.SERVER_COMMAND, ServerCommandNames.GET_TASK)


class Witness:
    """Sees every aux message of a run pass the server's root cell, through which all traffic between sites goes.

    Aux messages travel as streams of chunks; a request and its reply share a request id. Those of
    ``multicast_aux_requests`` with ``timeout=0`` come in one piece. What a site sends to itself does not pass here:
    `Traffic` counts that. Nor does what the server sends.

    What `is_frameworks` knows is not counted, here as at the sites; what of it does not fit into the `Timetable` is a
    component's all the same, and recorded.

    Args:
        record: called with a kind, ``request`` or ``reply``, and the fields of a journal entry.
    """

    def __init__(self, record: Callable[..., None]) -> None:
        self._record = record
        self._streams: dict[tuple[str, Any], Stream] = {}
        self._lock = threading.Lock()
        self._unanswered: dict[str, str] = {}
        self._timetable = Timetable()
        self.sent_by: Counter[str] = Counter()
        self.sent_to: Counter[str] = Counter()

    def install(self) -> None:
        """Start to watch. The server's root cell must exist."""
        CoreCell.ALL_CELLS["server"].set_message_interceptor(self._see)

    def unanswered_by(self, sites: Collection[str]) -> int:
        """How many requests with a reply on its way, or still to come, these sites owe."""
        with self._lock:
            return sum(site in sites for site in self._unanswered.values())

    def _see(self, message: Message) -> None:
        # An exception here would stop the message, so what a student's message can upset is caught where it is decoded.
        topic = message.get_header(MessageHeaderKey.TOPIC)
        if message.get_header(MessageHeaderKey.CHANNEL) == CellChannel.AUX_COMMUNICATION:
            self._complete(_in_one_piece(message))
        elif topic == STREAM_DATA_TOPIC:
            self._see_chunk(message)
        elif topic == STREAM_ERROR_TOPIC:
            self._see_error(message)

    def _see_chunk(self, message: Message) -> None:
        data_type = message.get_header(StreamHeaderKey.DATA_TYPE)
        if data_type not in _CHUNK_TYPES:
            return
        key = (str(message.get_header(MessageHeaderKey.ORIGIN)), message.get_header(StreamHeaderKey.STREAM_ID))
        with self._lock:
            stream = self._streams.setdefault(key, Stream(dict(message.headers)))
            stream.add(bytes(message.payload or b""))
            if data_type != StreamDataType.FINAL:
                return
            del self._streams[key]
        self._complete(stream)

    def _see_error(self, message: Message) -> None:
        """A receiver's cell tells the sender that its callback failed, as it does for a reply that is no Shareable."""
        problem = str(message.get_header(StreamHeaderKey.ERROR_MSG))[:200]
        self._complete_reply(_fields(dict(message.headers)), {"return_code": None, "problem": problem})

    def _complete(self, stream: Stream) -> None:
        channel = stream.headers.get(StreamHeaderKey.CHANNEL)
        fields = _fields(stream.headers)
        if channel == CellChannel.AUX_COMMUNICATION:
            self._complete_request(fields, decode(stream))
        elif channel == CellChannel.RETURN_ONLY:
            self._complete_reply(fields, reply_content(stream))
        elif (channel, fields["topic"]) == _TASK_REQUEST:
            with self._lock:
                self._timetable.note_task_request(fields["sender"])

    def _complete_request(self, fields: dict[str, str], request: Any) -> None:
        frameworks = is_frameworks(fields["topic"], fields["receiver"], request)
        if frameworks and fields["id"]:
            with self._lock:
                if self._timetable.expects(fields["topic"], fields["sender"]):
                    return
        # Recorded before it is counted: what counts as seen must be in the journal when the run is found quiet.
        self._record("request", **fields, **describe_request(request))
        with self._lock:
            self.sent_by[fields["sender"]] += not frameworks
            self.sent_to[fields["receiver"]] += not frameworks
            if fields["id"]:
                self._unanswered[fields["id"]] = fields["receiver"]

    def _complete_reply(self, fields: dict[str, str], content: dict[str, Any]) -> None:
        with self._lock:
            asked = fields["id"] in self._unanswered
        if asked:  # everything else on the channel of replies is answered in the same way
            self._record("reply", **fields, **content)
        with self._lock:
            self._unanswered.pop(fields["id"], None)


def _fields(headers: dict[str, Any]) -> dict[str, str]:
    """Who, to whom, about what: the fields that entries on requests and replies share."""
    # The topic of a reply is the request's with the channel before it.
    topic = str(headers.get(StreamHeaderKey.TOPIC)).removeprefix(f"{CellChannel.AUX_COMMUNICATION}:")
    return {
        "sender": _site(headers.get(MessageHeaderKey.ORIGIN)),
        "receiver": _site(headers.get(MessageHeaderKey.DESTINATION)),
        "topic": topic,
        "id": str(headers.get(StreamHeaderKey.STREAM_REQ_ID) or ""),
    }


def _in_one_piece(message: Message) -> Stream:
    """A message that does not travel as a stream, described as if it did."""
    payload = bytes(message.payload or b"")
    headers = dict(message.headers)
    headers[StreamHeaderKey.CHANNEL] = message.get_header(MessageHeaderKey.CHANNEL)
    headers[StreamHeaderKey.TOPIC] = message.get_header(MessageHeaderKey.TOPIC)
    return Stream(headers, [payload], len(payload))


def _site(cell_name: Any) -> str:
    """The site of a cell such as ``site-1.simulate_job``."""
    return str(cell_name).partition(".")[0]
