"""Matchers: plain data that says of a message's content what is not as it was asked for.

A number or an array is written as Python has it: ``Close("WEIGHTS", {"value": [0.5, 1.0], "round": 3}, atol=1e-6)`` is
met by a list, a tuple and a NumPy array of these numbers.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.simulator.network.content import (
    Array,
    Content,
    ContentFault,
    Difference,
    Matcher,
    Mismatch,
    Value,
    summary,
    type_name,
)

APP_DEFINED = "APP_DEFINED"
"""NVFlare's data kind for data of one's own."""

_Number = int | float


@dataclass(frozen=True)
class Equals:
    """Exactly this kind and data; of the meta properties those that are named.

    Attributes:
        kind: the DXO's data kind; None for a bare ``Shareable`` with these items.
        data: numbers are equal by value; an `Array` also by type.
        meta: the properties that count; None when none do.
    """

    kind: str | None
    data: Any
    meta: Mapping[str, Any] | None = None

    @property
    def label(self) -> str:
        """Return the data in short form."""
        return summary(Content(self.kind, plain(self.data)))

    def mismatch(self, content: Content) -> Mismatch | None:
        """Return the first difference."""
        return _compared(self.kind, self.data, self.meta, content, _equal)


@dataclass(frozen=True)
class Close:
    """Does what `Equals` does, with numbers, also in lists and arrays, within ``atol + rtol * |wanted|``."""

    kind: str | None
    data: Any
    atol: float = 0.0
    rtol: float = 0.0
    meta: Mapping[str, Any] | None = None

    @property
    def label(self) -> str:
        """Return the data in short form."""
        return summary(Content(self.kind, plain(self.data)))

    def mismatch(self, content: Content) -> Mismatch | None:
        """Return the first difference that is larger than the tolerance."""

        def close(wanted: _Number, seen: _Number) -> bool:
            return is_close(wanted, seen, self.atol, self.rtol)

        return _compared(self.kind, self.data, self.meta, content, close)


@dataclass(frozen=True)
class Text:
    """A DXO with this text under a key; whatever else it holds does not count."""

    key: str
    value: str
    kind: str = APP_DEFINED

    @property
    def label(self) -> str:
        """Return the text."""
        return self.value

    def mismatch(self, content: Content) -> Mismatch | None:
        """Return what is not as it was asked for: the key, its type, the kind, the text, in this order."""
        if fault := _fault(content, self.kind):
            return fault
        items = content.data if isinstance(content.data, dict) else {}
        if self.key not in items:
            return Mismatch(Difference.NO_KEY, self.key, seen=tuple(items))
        seen = items[self.key]
        if not isinstance(seen, str):
            return Mismatch(Difference.TYPE, self.key, "str", type_name(seen))
        if content.kind != self.kind:
            return Mismatch(Difference.KIND, "", self.kind, content.kind)
        return None if seen == self.value else Mismatch(Difference.VALUE, self.key, self.value, seen)


@dataclass(frozen=True)
class AnyOf:
    """A matcher that is met by what meets one of several."""

    options: tuple[Matcher, ...]

    @property
    def label(self) -> str:
        """Return the label of the first one."""
        return self.options[0].label if self.options else ""

    def mismatch(self, content: Content) -> Mismatch | None:
        """Return what the first one says, unless another one is met."""
        found = [option.mismatch(content) for option in self.options]
        return None if None in found else next(iter(found), None)


@dataclass(frozen=True)
class Satisfies:
    """Accepts what a function of the author's own accepts.

    Attributes:
        function: returns what is wrong with a content, in words for the student; nothing where it is right. It is pure,
            and takes any content.
        label: what pictures show.
    """

    function: Callable[[Content], str]
    label: str = ""

    def mismatch(self, content: Content) -> Mismatch | None:
        """Return what the function says."""
        if content.fault is ContentFault.UNREADABLE:
            return Mismatch(Difference.UNREADABLE, words=content.detail)
        words = self.function(content)
        return Mismatch(Difference.SAID, words=words) if words else None


@dataclass(frozen=True)
class Anything:
    """Accepts any content."""

    label: str = ""

    def mismatch(self, content: Content) -> Mismatch | None:
        """Return None."""
        return None


def is_close(wanted: _Number, seen: _Number, atol: float, rtol: float) -> bool:
    """Return whether a number is near another one. Infinite ones and NaN are near themselves only."""
    if _equal(wanted, seen):
        return True
    return math.isfinite(wanted) and math.isfinite(seen) and abs(seen - wanted) <= atol + rtol * abs(wanted)


def plain(value: Any) -> Value:
    """Return a value that an author has written as a content has it.

    Raises:
        TypeError: when it is no scalar, text, list, dict, or array of a content.
    """
    match value:
        case list() | tuple():
            return tuple(plain(item) for item in value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case None | bool() | int() | float() | str() | Array():
            return value
    raise TypeError(f"{type(value).__name__} is nothing that a message can be compared with; write a list for an array")


def _equal(wanted: _Number, seen: _Number) -> bool:
    return wanted == seen or (wanted != wanted and seen != seen)


_Same = Callable[[_Number, _Number], bool]


def _fault(content: Content, kind: str | None) -> Mismatch | None:
    if content.fault is ContentFault.UNREADABLE:
        return Mismatch(Difference.UNREADABLE, words=content.detail)
    no_dxo = content.fault is ContentFault.NO_DXO and kind is not None
    return Mismatch(Difference.NO_DXO) if no_dxo else None


def _compared(
    kind: str | None, data: Any, meta: Mapping[str, Any] | None, content: Content, same: _Same
) -> Mismatch | None:
    if fault := _fault(content, kind):
        return fault
    if content.kind != kind:
        return Mismatch(Difference.KIND, "", kind, content.kind)
    named = {key: content.meta[key] for key in meta or {} if key in content.meta}
    found = _difference(plain(data), content.data, "", same)
    return found or (_difference(plain(meta), named, "meta", same) if meta else None)


def _difference(wanted: Value, seen: Value, at: str, same: _Same) -> Mismatch | None:
    match wanted:
        case dict():
            return _of_dict(wanted, seen, at, same)
        case Array():
            return _of_array(wanted, seen, at, same)
        case tuple():
            return _of_list(wanted, seen, at, same)
        case bool() | str() | None:
            pass
        case int() | float():
            return _of_number(wanted, seen, at, same)
    if type(seen) is not type(wanted):
        return Mismatch(Difference.TYPE, at, type_name(wanted), type_name(seen))
    return None if seen == wanted else Mismatch(Difference.VALUE, at, wanted, seen)


def _of_dict(wanted: dict[str, Value], seen: Value, at: str, same: _Same) -> Mismatch | None:
    if not isinstance(seen, dict):
        return Mismatch(Difference.TYPE, at, "dict", type_name(seen))
    for key, value in wanted.items():
        place = f"{at}.{key}" if at else key
        if key not in seen:
            return Mismatch(Difference.NO_KEY, place, seen=tuple(seen))
        if found := _difference(value, seen[key], place, same):
            return found
    other = next((key for key in seen if key not in wanted), None)
    return Mismatch(Difference.OTHER_KEY, at, tuple(wanted), other) if other is not None else None


def _of_number(wanted: _Number, seen: Value, at: str, same: _Same) -> Mismatch | None:
    if isinstance(seen, Array) and not seen.shape and seen.values:
        seen = seen.values[0]
    if isinstance(seen, bool) or not isinstance(seen, _Number):
        return Mismatch(Difference.TYPE, at, type_name(wanted), type_name(seen))
    return None if same(wanted, seen) else Mismatch(Difference.VALUE, at, wanted, seen)


def _of_list(wanted: tuple[Value, ...], seen: Value, at: str, same: _Same) -> Mismatch | None:
    if isinstance(seen, Array):
        shape = _shape(wanted)
        if shape != seen.shape:
            return Mismatch(Difference.SHAPE, at, shape, seen.shape)
        if seen.values is None:
            return Mismatch(Difference.TOO_MANY, at, seen=seen.shape)
        return _of_list(_flat(wanted, len(seen.shape)), seen.values, at, same)
    if not isinstance(seen, tuple):
        return Mismatch(Difference.TYPE, at, type_name(wanted), type_name(seen))
    if len(seen) != len(wanted):
        return Mismatch(Difference.SHAPE, at, (len(wanted),), (len(seen),))
    pairs = enumerate(zip(wanted, seen, strict=True))
    found = (_difference(one, other, f"{at}[{number}]", same) for number, (one, other) in pairs)
    return next((difference for difference in found if difference), None)


def _of_array(wanted: Array, seen: Value, at: str, same: _Same) -> Mismatch | None:
    if not isinstance(seen, Array):
        return Mismatch(Difference.TYPE, at, type_name(wanted), type_name(seen))
    if seen.shape != wanted.shape:
        return Mismatch(Difference.SHAPE, at, wanted.shape, seen.shape)
    if seen.digest and seen.digest == wanted.digest:
        return None
    if same is _equal and seen.dtype != wanted.dtype:
        return Mismatch(Difference.TYPE, at, wanted.dtype, seen.dtype)
    if wanted.values is None or seen.values is None:
        return Mismatch(Difference.VALUE if same is _equal else Difference.TOO_MANY, at, wanted, seen)
    return _of_list(wanted.values, seen.values, at, same)


def _shape(value: Value) -> tuple[int, ...]:
    """Return the shape of the array that a nested list makes, by its first items."""
    return (len(value), *(_shape(value[0]) if value else ())) if isinstance(value, tuple) else ()


def _flat(value: tuple[Value, ...], depth: int) -> tuple[Value, ...]:
    if depth <= 1:
        return value
    rows = (row if isinstance(row, tuple) else (row,) for row in value)
    return tuple(item for row in rows for item in _flat(row, depth - 1))
