"""What an aux message says: decoding the payload of a request or a reply that the witness saw.

The payload is a student's: whatever it is, there is a description of it.
"""

from dataclasses import dataclass, field
from typing import Any

from nvflare.apis.dxo import DXO, from_shareable
from nvflare.apis.shareable import Shareable
from nvflare.fuel.f3.cellnet.defs import MessageHeaderKey
from nvflare.fuel.utils import fobs

from autograder.simulator.foreign_types import plain_text

LONGEST_CONTENT = 1 << 20
"""Bytes of a message that are looked at."""

_LONGEST_TEXT = 2000


@dataclass
class Stream:
    """A message in the making: its headers, and the payload's chunks up to `LONGEST_CONTENT` bytes."""

    headers: dict[str, Any]
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, chunk: bytes) -> None:
        """Append a chunk of the payload, unless there is too much already."""
        self.size += len(chunk)
        if self.size <= LONGEST_CONTENT:
            self.chunks.append(chunk)


def decode(stream: Stream) -> Any:
    """What a message holds; an exception in place of what cannot be read."""
    if stream.size > LONGEST_CONTENT:
        return ValueError(f"{stream.size} bytes, more than the {LONGEST_CONTENT} that are looked at")
    try:
        return fobs.loads(b"".join(stream.chunks))
    except Exception as error:
        return error


def reply_content(stream: Stream) -> dict[str, Any]:
    """The return code of a reply that passed the witness, None where there is none to read, and why."""
    if not stream.size:  # what the server's cell makes of None
        return {"return_code": None, "problem": "no Shareable in the reply"}
    reply = decode(stream)
    if isinstance(reply, Exception):
        return {"return_code": None, "problem": f"the reply could not be read: {reply}"}
    return describe_reply(reply, stream.headers.get(MessageHeaderKey.RETURN_CODE))


def describe_reply(reply: Any, cell_code: Any) -> dict[str, Any]:
    """The return code of a reply, None where there is none, and why.

    Args:
        cell_code: the return code of the message in which it came. The cell answers for a handler whose result it could
            not use, with an error of its own and no ``Shareable``.
    """
    if isinstance(reply, Shareable):
        code = reply.get_return_code()
        return {"return_code": plain_text(code) if isinstance(code, str) else str(code), "problem": ""}
    return {"return_code": None, "problem": f"no Shareable in the reply (cell: {cell_code})"}


_NO_CONTENT: dict[str, Any] = {"text": None, "data_kind": None, "problem": ""}


def describe_request(request: Any) -> dict[str, Any]:
    """The text and data kind of a request, None where there is none, and why."""
    try:
        dxo = from_shareable(request)
    except Exception:
        return {**_NO_CONTENT, "problem": "it holds no DXO"}
    return {**_NO_CONTENT, "data_kind": str(getattr(dxo.data_kind, "value", dxo.data_kind)), **_text_of(dxo)}


def _text_of(dxo: DXO) -> dict[str, Any]:
    if not isinstance(dxo.data, dict) or "message" not in dxo.data:
        keys = ", ".join(repr(str(key))[:40] for key in list(dxo.data or {})[:5]) or "nothing"
        return {"problem": f'its data has no "message"; it has {keys}'}
    message = dxo.data["message"]
    if not isinstance(message, str):
        return {"problem": f'data["message"] is of type {type(message).__name__}, not str'}
    return {"text": message[:_LONGEST_TEXT]}
