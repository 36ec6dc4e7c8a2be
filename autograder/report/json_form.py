"""A report as JSON and back. The format is described by ``schema.json`` beside this module."""

import json
import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
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
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _written(getattr(value, name)) for name in _properties_of(type(value))}
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _written(value[key]) for key in sorted(value)}
    return value


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
    report = _read(Report, data, "report")
    assert isinstance(report, Report)
    return report


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


def _read(kind: Any, value: Any, where: str) -> Any:
    """Return ``value`` as the type ``kind``, which is one of those that the data model uses."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _read_one_of(get_args(kind), value, where)
    if origin is tuple:
        return tuple(
            _read(get_args(kind)[0], item, f"{where}[{number}]")
            for number, item in enumerate(_checked(list, value, where))
        )
    if origin in (dict, Mapping):
        kind_of_item = get_args(kind)[1]
        return {
            name: _read(kind_of_item, item, f"{where}.{name}") for name, item in _checked(dict, value, where).items()
        }
    if is_dataclass(kind):
        return _read_object(kind, value, where)
    if issubclass(kind, StrEnum):
        return _read_enum(kind, value, where)
    return _finite(value, where) if kind is float else _checked(kind, value, where)


def _read_one_of(kinds: Sequence[Any], value: Any, where: str) -> Any:
    """Return ``value`` as the first of some types that fits; an error message names the first type."""
    fitting = (kind for kind in kinds if isinstance(value, _type_in_json(kind)))
    return None if value is None and type(None) in kinds else _read(next(fitting, kinds[0]), value, where)


def _type_in_json(kind: Any) -> type:
    if get_origin(kind) is tuple:
        return list
    return dict if is_dataclass(kind) else kind


def _read_object(kind: Any, value: Any, where: str) -> Any:
    found = _checked(dict, value, where)
    arguments = {}
    for name, kind_of_field, is_required in _fields_of(kind):
        if name in found:
            arguments[name] = _read(kind_of_field, found[name], f"{where}.{name}")
        elif is_required:
            raise ValueError(f"{where}.{name} is missing")
    return kind(**arguments)


@cache
def _fields_of(kind: Any) -> list[tuple[str, Any, bool]]:
    """Return name and type of each field of a dataclass, and whether it has to be there."""
    kinds = get_type_hints(kind)
    return [
        (field.name, kinds[field.name], field.default is MISSING and field.default_factory is MISSING)
        for field in fields(kind)
    ]


def _read_enum(kind: type[StrEnum], value: Any, where: str) -> StrEnum:
    try:
        return kind(_checked(str, value, where))
    except ValueError:
        known = ", ".join(repr(str(member)) for member in kind)
        raise ValueError(f"{where}: expected one of {known}, found {value!r:.40}") from None


def _finite(value: Any, where: str) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unlike("a number", value, where)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{where}: the number is out of range")
    return value


def _checked(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _unlike(_KINDS[kind], value, where)
    return value


def _unlike(expected: str, value: Any, where: str) -> ValueError:
    return ValueError(f"{where}: expected {expected}, found {_KINDS[type(value)]}")


_KINDS: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}
