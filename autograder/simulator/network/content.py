"""The content of a message as plain data: scalars, text, lists, dicts and arrays, bounded in depth, number and length.

`autograder.simulator.nvflare_private.payload` describes what was sent in this way; the journal and the kept runs hold
it as JSON. Nothing here knows NVFlare or NumPy.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

MOST_VALUES = 1000
"""Scalars in one content, those of arrays included. An array that does not fit is known by its digest."""
MOST_TEXT = 8000
"""Characters of all texts and keys in one content."""
LONGEST_TEXT = 2000
"""Characters of one text. A longer one is cut, and ends in ``…``."""
DEEPEST = 8
"""Levels of lists and dicts within each other."""


@dataclass(frozen=True)
class Array:
    """A NumPy array.

    Attributes:
        dtype: such as ``float64``.
        values: its values in C order; None where there are too many, or they are no numbers, truth values or texts.
        digest: equal for arrays of the same type, shape and values, of whatever size.
    """

    dtype: str
    shape: tuple[int, ...]
    values: tuple[bool | int | float | str, ...] | None
    digest: str


@dataclass(frozen=True)
class Opaque:
    """A value that is not plain, such as bytes: its type's name, and a digest of it where it has one."""

    type: str
    digest: str = ""


Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | dict[str, Value] | Array | Opaque | None"
"""The types that data can consist of. A list and a tuple come out alike."""


class ContentFault(StrEnum):
    """A reason for which a content is not all that was sent, or not what an exercise speaks of."""

    UNREADABLE = "unreadable"
    """The receiver cannot decode it either."""
    TOO_LARGE = "too large"
    """Something was left out or cut."""
    NO_DXO = "no DXO"
    """It is a bare ``Shareable``, whose items are the data, or something else that holds no DXO."""


@dataclass(frozen=True)
class Content:
    """The content of a message.

    Attributes:
        kind: the DXO's data kind; None where there is no DXO.
        data: the DXO's data, mostly a dict.
        meta: the DXO's meta properties.
        detail: of the fault, where there is more to say.
    """

    kind: str | None = None
    data: Value = field(default_factory=dict)
    meta: dict[str, Value] = field(default_factory=dict)
    fault: ContentFault | None = None
    detail: str = ""

    def get(self, key: str) -> Value:
        """Return the item of the data with this key; None where there is none."""
        return self.data.get(key) if isinstance(self.data, dict) else None

    @property
    def text(self) -> str:
        """Return the text that it holds: the only one among the data's items, or the data itself; else empty."""
        items = self.data.values() if isinstance(self.data, dict) else (self.data,)
        texts = [item for item in items if isinstance(item, str)]
        return texts[0] if len(texts) == 1 else ""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """Let the kept runs hold what the journal holds."""
        from pydantic_core import core_schema

        written = core_schema.plain_serializer_function_ser_schema(to_json)
        return core_schema.no_info_plain_validator_function(from_json, serialization=written)


class Difference(StrEnum):
    """A way in which a content differs from what was asked for."""

    UNREADABLE = "content.unreadable"
    NO_DXO = "content.no_dxo"
    KIND = "content.kind"
    NO_KEY = "content.no_key"
    OTHER_KEY = "content.other_key"
    TYPE = "content.type"
    SHAPE = "content.shape"
    VALUE = "content.value"
    TOO_MANY = "content.too_many"
    SAID = "content.said"
    NOT_SEEN = "content.not_seen"


@dataclass(frozen=True)
class Mismatch:
    """A difference between a content and what was asked for.

    Attributes:
        at: where in the data, such as ``value[2]``; empty for the whole of it.
        wanted: what was asked for there; for a type or a shape, its name.
        seen: what is there; for a missing key, the keys that are there.
        words: what the author's own function says.
    """

    code: Difference
    at: str = ""
    wanted: Value = None
    seen: Value = None
    words: str = ""


class Matcher(Protocol):
    """Says whether a content is what was asked for: see `autograder.rubric.matchers`."""

    @property
    def label(self) -> str:
        """Return what pictures show of such a content."""

    def mismatch(self, content: Content) -> Mismatch | None:
        """Return what is not as it was asked for; None when all is."""


def texts_in(value: Value) -> Iterator[str]:
    """Yield all texts in a value, wherever they stand."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def type_name(value: Value) -> str:
    """Return how a value's type is called in a student's code."""
    if isinstance(value, Opaque):
        return value.type
    names: dict[type, str] = {tuple: "list", Array: "ndarray", type(None): "None"}
    return names.get(type(value), type(value).__name__)


def summary(content: Content, longest: int = 200) -> str:
    """Return what a content says in one line, as a picture shows it; empty where it says nothing."""
    if content.text:
        return content.text
    shown = shown_value(content.data) if content.data or content.data in (0, False) else ""
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def shown_value(value: Value, most: int = 6) -> str:
    """Return a value in short form, as a person writes it: ``round: 3, value: [0.5, 1.25]``."""
    match value:
        case dict():
            items = [f"{key}: {_inner(item, most)}" for key, item in list(value.items())[:most]]
            return ", ".join(items) + (", …" if len(value) > most else "")
        case Array(values=None):
            return f"array of {value.dtype}, shape {value.shape}"
        case tuple() | Array():
            flat = value.values if isinstance(value, Array) else value
            items = [_inner(item, most) for item in (flat or ())[:most]]
            return f"[{', '.join(items)}{', …' if len(flat or ()) > most else ''}]"
        case float():
            return f"{value:.6g}"
        case Opaque():
            return f"a value of type {value.type}"
    return str(value)


def _inner(value: Value, most: int) -> str:
    shown = shown_value(value, most)
    return f"{{{shown}}}" if isinstance(value, dict) else shown


def digest_of(*parts: bytes) -> str:
    """Return a digest of some bytes."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.hexdigest()[:32]


def to_json(content: Content) -> dict[str, Any]:
    """Return a content as JSON data that `from_json` reads; what is usual takes no room."""
    fields: dict[str, Any] = {"kind": content.kind, "data": _packed(content.data)}
    if content.meta:
        fields["meta"] = _packed(content.meta)
    if content.fault:
        fields |= {"fault": str(content.fault), "detail": content.detail}
    return fields


def _packed(value: Value) -> Any:
    # A JSON object always names what it stands for, so no dict of a student's can be taken for an array.
    match value:
        case dict():
            return {"dict": {key: _packed(item) for key, item in value.items()}}
        case tuple():
            return [_packed(item) for item in value]
        case Array():
            values = None if value.values is None else [_packed(item) for item in value.values]
            return {"array": [value.dtype, list(value.shape), values, value.digest]}
        case Opaque():
            return {"opaque": [value.type, value.digest]}
        case float() if not math.isfinite(value):
            return {"float": repr(value)}
    return value


def from_json(raw: Any) -> Content:
    """Return the content that `to_json` has written.

    Raises:
        ValueError: when it is anything else. A student's server writes what it likes.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str | None):
        raise ValueError("this is no content")
    meta = _unpacked(raw.get("meta", {"dict": {}}), DEEPEST)
    if not isinstance(meta, dict):
        raise ValueError("the meta properties are no dict")
    fault = ContentFault(raw["fault"]) if raw.get("fault") is not None else None
    data = _unpacked(raw.get("data"), DEEPEST + 1)
    return Content(raw.get("kind"), data, meta, fault, str(raw.get("detail", "")))


def _unpacked(raw: Any, levels: int) -> Value:
    if raw is None or isinstance(raw, bool | int | float | str):
        return raw
    if levels < 0:
        raise ValueError(f"this is deeper than {DEEPEST} levels")
    match raw:
        case list():
            return tuple(_unpacked(item, levels - 1) for item in raw)
        case {"dict": dict(items)}:
            return {str(key): _unpacked(item, levels - 1) for key, item in items.items()}
        case {"array": [str(dtype), list(shape), list() | None as values, str(digest)]}:
            return Array(dtype, tuple(map(int, shape)), None if values is None else _scalars(values), digest)
        case {"opaque": [str(name), str(digest)]}:
            return Opaque(name, digest)
        case {"float": str(number)}:
            return float(number)
    raise ValueError("this is no value of a content")


def _scalars(values: list[Any]) -> tuple[bool | int | float | str, ...]:
    found = tuple(_unpacked(value, 0) for value in values)
    if not all(isinstance(value, bool | int | float | str) for value in found):
        raise ValueError("an array has scalars only")
    return found  # type: ignore[return-value]  # checked above


def read(raw: Any) -> Content:
    """Return the content that `to_json` has written; whatever else it is, one that says that it is unreadable."""
    try:
        return from_json(raw)
    except (ValueError, TypeError, OverflowError):
        return Content(fault=ContentFault.UNREADABLE)
