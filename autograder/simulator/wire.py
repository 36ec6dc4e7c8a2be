"""The witnesses of a run's aux messages: one on the server's root cell, one counter in each process.

Like `nvflare_private`, this knows names that NVFlare 2.9.0 does not document; ``tests/simulator/test_wire.py`` fails
when a new version changes them. It is apart from there because it changes nothing: it only looks.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from nvflare.apis.dxo import DXO, from_shareable
from nvflare.apis.fl_constant import ReservedKey
from nvflare.apis.shareable import Shareable
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.streaming.stream_const import STREAM_DATA_TOPIC, StreamDataType, StreamHeaderKey
from nvflare.fuel.utils import fobs
from nvflare.private.aux_runner import AuxRunner

COURSE_TOPIC_PREFIX = "_course."
"""Topics of the course's own aux messages begin with this."""

_FRAMEWORK_PREFIXES = ("__", "RM.", "ObjectStreamer.", "fed.event", COURSE_TOPIC_PREFIX)
_CHUNK_TYPES = (StreamDataType.CHUNK, StreamDataType.FINAL)
_LONGEST_CONTENT = 1 << 20
_LONGEST_TEXT = 2000


def is_of_concern(topic: str) -> bool:
    """Whether a topic is a student's matter: not NVFlare's own and not the course's."""
    return not topic.startswith(_FRAMEWORK_PREFIXES)


@dataclass
class _Stream:
    headers: dict[str, Any]
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0


class Witness:
    """Sees every aux message of a run pass the server's root cell, through which all traffic between sites goes.

    Aux messages travel as streams of chunks; a request and its reply share a request id. Those of
    ``multicast_aux_requests`` with ``timeout=0`` come in one piece. What a site sends to itself does not pass here:
    `Traffic` counts that.

    Args:
        record: called with a kind, ``request`` or ``reply``, and the fields of a journal entry.
    """

    def __init__(self, record: Callable[..., None]) -> None:
        self._record = record
        self._streams: dict[tuple[str, Any], _Stream] = {}
        self._lock = threading.Lock()
        self.sent_by: Counter[str] = Counter()
        self.sent_to: Counter[str] = Counter()

    def install(self) -> None:
        """Start to watch. The server's root cell must exist."""
        CoreCell.ALL_CELLS["server"].set_message_interceptor(self._see)

    def _see(self, message: Message) -> None:
        # An exception here would stop the message, so everything that a student's message can upset is caught below.
        if message.get_header(MessageHeaderKey.CHANNEL) == CellChannel.AUX_COMMUNICATION:
            self._complete(_in_one_piece(message))
            return
        data_type = message.get_header(StreamHeaderKey.DATA_TYPE)
        if message.get_header(MessageHeaderKey.TOPIC) != STREAM_DATA_TOPIC or data_type not in _CHUNK_TYPES:
            return
        key = (str(message.get_header(MessageHeaderKey.ORIGIN)), message.get_header(StreamHeaderKey.STREAM_ID))
        with self._lock:
            stream = self._streams.setdefault(key, _Stream({}))
            stream.headers = stream.headers or dict(message.headers)
            chunk = bytes(message.payload or b"")
            stream.size += len(chunk)
            if stream.size <= _LONGEST_CONTENT:
                stream.chunks.append(chunk)
            if data_type != StreamDataType.FINAL:
                return
            del self._streams[key]
        self._complete(stream)

    def _complete(self, stream: _Stream) -> None:
        channel = stream.headers.get(StreamHeaderKey.CHANNEL)
        topic = str(stream.headers.get(StreamHeaderKey.TOPIC))
        is_reply = channel == CellChannel.RETURN_ONLY and topic.startswith(f"{CellChannel.AUX_COMMUNICATION}:")
        if is_reply:
            topic = topic.partition(":")[2]
        elif channel != CellChannel.AUX_COMMUNICATION:
            return
        if not is_of_concern(topic):
            return
        fields = {
            "sender": _site(stream.headers.get(MessageHeaderKey.ORIGIN)),
            "receiver": _site(stream.headers.get(MessageHeaderKey.DESTINATION)),
            "topic": topic,
            "id": str(stream.headers.get(StreamHeaderKey.STREAM_REQ_ID) or ""),
        }
        if is_reply:
            self._record("reply", **fields, **_reply_content(stream))
            return
        with self._lock:
            self.sent_by[fields["sender"]] += 1
            self.sent_to[fields["receiver"]] += 1
        self._record("request", **fields, **_request_content(stream))


def _in_one_piece(message: Message) -> _Stream:
    """A message that does not travel as a stream, described as if it did."""
    payload = bytes(message.payload or b"")
    headers = dict(message.headers)
    headers[StreamHeaderKey.CHANNEL] = message.get_header(MessageHeaderKey.CHANNEL)
    headers[StreamHeaderKey.TOPIC] = message.get_header(MessageHeaderKey.TOPIC)
    return _Stream(headers, [payload], len(payload))


def _site(cell_name: Any) -> str:
    """The site of a cell such as ``site-1.simulate_job``."""
    return str(cell_name).partition(".")[0]


def _decode(stream: _Stream) -> Any:
    if stream.size > _LONGEST_CONTENT:
        raise ValueError(f"{stream.size} bytes, more than the {_LONGEST_CONTENT} that are looked at")
    return fobs.loads(b"".join(stream.chunks))


def _reply_content(stream: _Stream) -> dict[str, Any]:
    try:
        reply = _decode(stream)
    except Exception as error:
        return {"return_code": None, "problem": f"the reply could not be read: {error}"}
    if not isinstance(reply, Shareable):
        # The cell answers for a handler whose result it could not use, with an error of its own and no Shareable.
        code = stream.headers.get(MessageHeaderKey.RETURN_CODE)
        return {"return_code": None, "problem": f"no Shareable in the reply (cell: {code})"}
    return {"return_code": str(reply.get_return_code()), "problem": ""}


def _request_content(stream: _Stream) -> dict[str, Any]:
    content: dict[str, Any] = {"text": None, "data_kind": None, "problem": ""}
    try:
        dxo = from_shareable(_decode(stream))
    except Exception:
        return {**content, "problem": "it holds no DXO"}
    content["data_kind"] = str(getattr(dxo.data_kind, "value", dxo.data_kind))
    return {**content, **_text_of(dxo)}


def _text_of(dxo: DXO) -> dict[str, Any]:
    if not isinstance(dxo.data, dict) or "message" not in dxo.data:
        keys = ", ".join(repr(str(key))[:40] for key in list(dxo.data or {})[:5]) or "nothing"
        return {"problem": f'its data has no "message"; it has {keys}'}
    message = dxo.data["message"]
    if not isinstance(message, str):
        return {"problem": f'data["message"] is of type {type(message).__name__}, not str'}
    return {"text": message[:_LONGEST_TEXT]}


class Traffic:
    """Counts in one process how many aux messages it sent and finished handling, so that a run can be known to be quiet.

    It runs in the process that it counts, so a student's code could change it. The counts therefore decide when a run
    is over and never what an answer is worth.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.sent = 0
        self.handled = 0
        self.to_self = 0

    def install(self) -> None:
        """Start to count, in this process."""
        AuxRunner.send_aux_request = self._counting_send(AuxRunner.send_aux_request)
        AuxRunner.multicast_aux_requests = self._counting_multicast(AuxRunner.multicast_aux_requests)
        AuxRunner.dispatch = self._counting_dispatch(AuxRunner.dispatch)

    def _counting_send(self, send: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(send)
        def counted(runner: AuxRunner, targets: Any, topic: str, *args: Any, **kwargs: Any) -> Any:
            if is_of_concern(str(topic)):
                with self._lock:
                    self.sent += len(targets)
            return send(runner, targets, topic, *args, **kwargs)

        return counted

    def _counting_multicast(self, send: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(send)
        def counted(runner: AuxRunner, topic: str, target_requests: Any, *args: Any, **kwargs: Any) -> Any:
            # With a timeout NVFlare 2.9.0 fails before it sends anything.
            timeout = args[0] if args else kwargs.get("timeout", 0)
            if is_of_concern(str(topic)) and not timeout > 0:
                with self._lock:
                    self.sent += len(target_requests)
            return send(runner, topic, target_requests, *args, **kwargs)

        return counted

    def _counting_dispatch(self, dispatch: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(dispatch)
        def counted(runner: AuxRunner, topic: str, request: Any, fl_ctx: Any) -> Any:
            try:
                return dispatch(runner, topic=topic, request=request, fl_ctx=fl_ctx)
            finally:
                if is_of_concern(str(topic)):
                    self._count_handled(request, fl_ctx)

        return counted

    def _count_handled(self, request: Any, fl_ctx: Any) -> None:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None) if isinstance(request, Shareable) else None
        with self._lock:
            self.handled += 1
            if sender == fl_ctx.get_identity_name():
                self.to_self += 1


traffic = Traffic()
"""The counter of this process."""
