"""A report as JSON and back. The format is described by ``schema.json`` beside this module."""

import json
import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache, partial
from importlib.resources import files
from typing import Any, Union, get_args, get_origin, get_type_hints

from autograder.report.model import SCHEMA_VERSION, CheckResult, ExerciseReport, Report

_DERIVED: dict[type, tuple[str, ...]] = {
    Report: ("points", "max_points"),
    ExerciseReport: ("points", "max_points", "reason"),
    CheckResult: ("where",),
}
"""Properties that are written for readers in other languages, and left out of account when read back."""


def dumps(report: Report, *, indent: int | None = None) -> str:
    """Return the report as JSON text: ASCII only, in the order of the data model, the same for equal reports.

    Text that is no valid Unicode (a lone surrogate) survives as an escape. A high surrogate that is followed by a low
    one comes back as the one character that the two mean.

    Args:
        indent: spaces for each level, for people; on one line, which is quicker to write, when None.

    Raises:
        ValueError: when a number in it is not finite.
    """
    return json.dumps(_written(report), indent=indent, ensure_ascii=True, allow_nan=False) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what ``dumps`` writes."""
    text = files("autograder.report").joinpath("schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _written(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if is_dataclass(kind):
        return {name: _written(getattr(value, name)) for name in _properties_of(kind)}
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _written(value[key]) for key in sorted(value)}
    return value


_PLAIN = frozenset({str, int, float, bool, type(None)})
"""Types whose values JSON has as they are."""


@cache
def _properties_of(kind: Any) -> tuple[str, ...]:
    return (*(field.name for field in fields(kind)), *_DERIVED.get(kind, ()))


def loads(text: str) -> Report:
    """Return the report that ``dumps`` wrote. Properties that it does not know are passed over.

    Raises:
        ValueError: when the text is not such a report; the message says where.
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is not a report: it is not valid JSON ({error})") from None
    if not isinstance(data, dict) or "schema" not in data:
        raise ValueError('this is not a report: it is no JSON object with a "schema" property')
    if data["schema"] != SCHEMA_VERSION or isinstance(data["schema"], bool):
        raise ValueError(
            f"this report has schema version {data['schema']!r:.40}, and this autograder reads version "
            f"{SCHEMA_VERSION}: grade the submission again, or use the autograder that wrote the report"
        )
    try:
        report = _reader(Report)(data)
    except _UnlikeError as error:
        raise ValueError(f"report{error.where}{error.said}") from None
    assert isinstance(report, Report)
    return report


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


_Reader = Callable[[Any], Any]
"""Returns a value of JSON as a type of the data model, or raises `_UnlikeError`."""


class _UnlikeError(ValueError):
    """A value that is none of the type that it should be. Where it is, is put together only when it is to be told."""

    def __init__(self, said: str, where: str = "") -> None:
        super().__init__(said)
        self.said = said
        self.where = where

    def below(self, where: str) -> "_UnlikeError":
        """Return what is told when the value in which it is, is itself in another one."""
        return _UnlikeError(self.said, where + self.where)


@cache
def _reader(kind: Any) -> _Reader:
    """Return what reads values of the type ``kind``, which is one of those that the data model uses."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _reader_of_one(get_args(kind))
    if origin is tuple:
        return _reader_of_array(_reader(get_args(kind)[0]))
    if origin in (dict, Mapping):
        return _reader_of_names(_reader(get_args(kind)[1]))
    if is_dataclass(kind):
        return _reader_of_object(kind)
    if issubclass(kind, StrEnum):
        return partial(_read_enum, kind)
    return _finite if kind is float else partial(_checked, kind)


def _reader_of_one(kinds: Sequence[Any]) -> _Reader:
    """Return what reads a value as the first of some types that fits; an error message names the first type."""
    first = _reader(kinds[0])
    readers = {_type_in_json(kind): _reader(kind) for kind in reversed(kinds)}
    return lambda value: readers.get(type(value), first)(value)


def _type_in_json(kind: Any) -> type:
    if get_origin(kind) is tuple:
        return list
    return dict if is_dataclass(kind) else kind


def _reader_of_array(read: _Reader) -> _Reader:
    def read_array(value: Any) -> tuple[Any, ...]:
        found, items = _checked(list, value), []
        try:
            for item in found:
                items.append(read(item))  # how many there are says where it went wrong
        except _UnlikeError as error:
            raise error.below(f"[{len(items)}]") from None
        return tuple(items)

    return read_array


def _reader_of_names(read: _Reader) -> _Reader:
    def read_names(value: Any) -> dict[str, Any]:
        return {name: _of_object(read, item, name) for name, item in _checked(dict, value).items()}

    return read_names


def _reader_of_object(kind: Any) -> _Reader:
    readers = _fields_of(kind)

    def read_object(value: Any) -> Any:
        found = _checked(dict, value)
        arguments = {}
        for name, read, is_required in readers:
            if name in found:
                arguments[name] = _of_object(read, found[name], name)
            elif is_required:
                raise _UnlikeError(" is missing", f".{name}")
        return kind(**arguments)

    return read_object


def _of_object(read: _Reader, value: Any, name: str) -> Any:
    try:
        return read(value)
    except _UnlikeError as error:
        raise error.below(f".{name}") from None


def _fields_of(kind: Any) -> list[tuple[str, _Reader, bool]]:
    """Return the name of each field of a dataclass, what reads it, and whether it has to be there."""
    kinds = get_type_hints(kind)
    return [
        (field.name, _reader(kinds[field.name]), field.default is MISSING and field.default_factory is MISSING)
        for field in fields(kind)
    ]


def _read_enum(kind: type[StrEnum], value: Any) -> StrEnum:
    try:
        return kind(_checked(str, value))
    except ValueError:
        known = ", ".join(repr(str(member)) for member in kind)
        raise _UnlikeError(f": expected one of {known}, found {value!r:.40}") from None


def _finite(value: Any) -> float | int:
    if type(value) is not int and type(value) is not float:
        raise _unlike("a number", value)
    if type(value) is float and not math.isfinite(value):
        raise _UnlikeError(": the number is out of range")
    return value


def _checked(kind: type, value: Any) -> Any:
    if type(value) is not kind:  # JSON has no subtypes, and what is true is no number there
        raise _unlike(_KINDS[kind], value)
    return value


def _unlike(expected: str, value: Any) -> _UnlikeError:
    return _UnlikeError(f": expected {expected}, found {_KINDS[type(value)]}")


_KINDS: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}
