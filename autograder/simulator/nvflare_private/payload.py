"""Decodes the payload of a request or a reply that the witness saw, and describes what it says.

The payload is a student's: whatever it is, there is a description of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from nvflare.apis.dxo import from_shareable
from nvflare.apis.shareable import ReservedHeaderKey, Shareable
from nvflare.fuel.f3.cellnet.defs import MessageHeaderKey
from nvflare.fuel.utils import fobs

from autograder.simulator.network.content import (
    DEEPEST,
    LONGEST_TEXT,
    MOST_TEXT,
    MOST_VALUES,
    Array,
    Content,
    ContentFault,
    Opaque,
    Value,
    digest_of,
    to_json,
)
from autograder.simulator.nvflare_private.foreign_types import plain_text

LONGEST_CONTENT = 1 << 20
"""Bytes of a message that are looked at, and of one array in a result, which can be as large as memory."""

_WITHOUT_CONTENT = Content(fault=ContentFault.NO_DXO)
"""A ``Shareable`` with headers only, as most replies are, so that these take no time to look at."""
_LONGEST_KEY = 200
_LARGEST_INT = 1 << 63
_PLAIN_KINDS = "biufU"
"""The kinds of NumPy types whose values are told."""
_LARGEST_NUMBER = 8
"""Bytes of a number that Python has a type for."""


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
    """Return what a message holds, or an exception in place of what cannot be read."""
    if stream.size > LONGEST_CONTENT:
        return ValueError(f"{stream.size} bytes, more than the {LONGEST_CONTENT} that are looked at")
    try:
        return fobs.loads(b"".join(stream.chunks))
    except Exception as error:
        return error


def reply_content(stream: Stream) -> dict[str, Any]:
    """Return the return code of a reply that passed the witness, None where there is none to read, and why.

    Of one that can be read, also what it says.
    """
    if not stream.size:  # what the server's cell makes of None
        return {"return_code": None, "problem": "no Shareable in the reply", "no_shareable": True}
    reply = decode(stream)
    if isinstance(reply, Exception):
        return {"return_code": None, "problem": f"the reply could not be read: {reply}", "unreadable": True}
    return describe_reply(reply, stream.headers.get(MessageHeaderKey.RETURN_CODE))


def describe_reply(reply: Any, cell_code: Any) -> dict[str, Any]:
    """Return the return code of a reply and what it says; None for the code where there is none, and why.

    Args:
        cell_code: the return code of the message in which it came. The cell answers for a handler whose result it could
            not use, with an error of its own and no ``Shareable``.
    """
    if isinstance(reply, Shareable):
        code = reply.get_return_code()
        told = plain_text(code) if isinstance(code, str) else str(code)
        return {"return_code": told, "problem": "", **describe_content(reply)}
    problem = f"no Shareable in the reply (cell: {cell_code})"
    return {"return_code": None, "problem": problem, "no_shareable": True}


def describe_content(message: Any) -> dict[str, Any]:
    """Return the fields of a journal entry that say what a request, a reply or a result says."""
    return {"content": to_json(describe(message))}


def describe(message: Any) -> Content:
    """Return what a message says, whatever it is; for one that could not be decoded, the exception."""
    if isinstance(message, Exception):
        return Content(fault=ContentFault.UNREADABLE, detail=f"{type(message).__name__}: {message}"[:LONGEST_TEXT])
    if isinstance(message, Shareable) and message.keys() <= {ReservedHeaderKey.HEADERS}:
        return _WITHOUT_CONTENT
    try:
        return _described(message)
    except Exception as error:  # such as of an array of characters that are none
        return Content(fault=ContentFault.UNREADABLE, detail=f"{type(error).__name__}: {error}"[:LONGEST_TEXT])


def _described(message: Any) -> Content:
    looking = _Looking()
    try:
        dxo = from_shareable(message)
    except Exception:
        return Content(None, looking.at(_bare(message)), {}, ContentFault.NO_DXO)
    kind = looking.text(str(getattr(dxo.data_kind, "value", dxo.data_kind)))
    data, meta = looking.at(dxo.data), looking.at(dxo.meta or {})
    fault = ContentFault.TOO_LARGE if looking.left_out else None
    return Content(kind, data, meta if isinstance(meta, dict) else {}, fault)


def _bare(message: Any) -> Any:
    """Return the items of a ``Shareable`` without NVFlare's own."""
    if not isinstance(message, Shareable):
        return message
    return {key: value for key, value in message.items() if key != ReservedHeaderKey.HEADERS}


class _Looking:
    """Makes plain values of anything, and stops where there is too much."""

    def __init__(self) -> None:
        self._values = MOST_VALUES
        self._characters = MOST_TEXT
        self.left_out = False

    def at(self, value: Any, levels: int = DEEPEST) -> Value:
        """Return a value as a plain one. Subclasses of plain types, such as members of an ``Enum``, count as these."""
        match value:
            case None | bool():
                return self._one(value)
            case str():
                return self.text(value)
            case np.generic() | np.ndarray():
                return self._of_numpy(value, levels)
            case int():
                whole = int.__int__(value)
                return self._one(whole) if -_LARGEST_INT <= whole < 2 * _LARGEST_INT else self._opaque(value)
            case float():
                return self._one(float.__float__(value))
            case bytes() | bytearray() | memoryview():
                whole = memoryview(value).nbytes <= LONGEST_CONTENT
                self.left_out |= not whole
                return Opaque(type(value).__name__, digest_of(bytes(value)) if whole else "")
            case dict() | list() | tuple() | set() | frozenset():
                return self._nested(value, levels)
        return self._opaque(value)

    def text(self, text: str) -> str:
        """Return a text, cut where it is too long."""
        text = plain_text(text)
        most = min(LONGEST_TEXT, self._characters)
        self._characters -= min(len(text), most)
        if len(text) <= most:
            return text
        self.left_out = True
        return f"{text[:most]}…"

    def _one(self, value: Value) -> Value:
        self._values -= 1
        return value

    def _opaque(self, value: Any) -> Opaque:
        return Opaque(str(type(value).__name__)[:_LONGEST_KEY])

    def _nested(self, value: Any, levels: int) -> Value:
        if levels <= 0:
            self.left_out = True
            return self._opaque(value)
        if isinstance(value, dict):
            return {self._key(key): self.at(item, levels - 1) for key, item in self._some(value.items())}
        if isinstance(value, list | tuple):
            return tuple(self.at(item, levels - 1) for item in self._some(value))
        if len(value) > MOST_VALUES:  # which of them come first is not the same in every process
            self.left_out = True
            return self._opaque(value)
        return tuple(self.at(item, levels - 1) for item in self._some(sorted(value, key=repr)))

    def _some(self, items: Iterable[Any]) -> Iterable[Any]:
        for item in items:
            if self._values <= 0:
                self.left_out = True
                return
            self._values -= 1  # also for what holds nothing itself
            yield item

    def _key(self, key: Any) -> str:
        return self.text(plain_text(key) if isinstance(key, str) else str(key))[:_LONGEST_KEY]

    def _of_numpy(self, value: Any, levels: int) -> Value:
        if isinstance(value, np.generic):
            plain = value.item()
            return self._opaque(value) if isinstance(plain, np.generic) else self.at(plain, levels)
        if value.dtype.hasobject:
            return self._opaque(value)
        if value.nbytes > LONGEST_CONTENT:
            self.left_out = True
            return Array(str(value.dtype), value.shape, None, "")
        array = np.ascontiguousarray(value).reshape(value.shape)  # which would make one dimension of none
        dtype = array.dtype.newbyteorder("<")
        digest = digest_of(dtype.str.encode(), repr(array.shape).encode(), array.astype(dtype).tobytes())
        told = _is_plain(array.dtype) and array.size <= self._values and array.nbytes <= 8 * MOST_VALUES
        self._values -= array.size if told else 0
        return Array(str(array.dtype), array.shape, tuple(array.ravel().tolist()) if told else None, digest)


def _is_plain(dtype: Any) -> bool:
    return dtype.kind in _PLAIN_KINDS and (dtype.kind == "U" or dtype.itemsize <= _LARGEST_NUMBER)
