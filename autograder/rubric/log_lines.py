"""Log lines as an author declares them: a template with named fields, compared as text or as numbers."""

import re
from functools import lru_cache
from string import Formatter

from autograder.evidence.model import Message
from autograder.rubric.matchers import is_close
from autograder.simulator.network.content import Array, Value, shown_value
from autograder.simulator.scenario import LogTemplate

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,4})?|[-+]?inf|nan")

Fields = dict[str, Value]
"""The values in place of the fields of a template."""


def fields_of(template: LogTemplate, message: Message) -> Fields:
    """Return what stands in place of a template's fields in the line about a message.

    That is what the template itself says, or the message's sender, receiver or topic, or the item of its data with the
    field's name.
    """
    way: Fields = {"sender": message.sender, "receiver": message.receiver, "topic": message.topic}
    names = (name for _, name, _ in _parts(template.text) if name)
    return {
        name: template.fields[name] if name in template.fields else way.get(name, message.content.get(name))
        for name in names
    }


def filled(template: LogTemplate, fields: Fields) -> str:
    """Return the line with these fields, as it is shown to a person."""
    return "".join(
        f"{literal}{_shown(fields.get(name), spec) if name else ''}" for literal, name, spec in _parts(template.text)
    )


def blank(template: LogTemplate) -> str:
    """Return the line with the names of its fields in place of what they stand for."""
    return "".join(f"{literal}{f'<{name}>' if name else ''}" for literal, name, _ in _parts(template.text))


def sender_told(template: LogTemplate, line: str) -> str | None:
    """Return the part of a line that names the sender of a message, if it begins as the template does; else None.

    A template that names no sender, or begins with it, tells of none.
    """
    parts = _parts(template.text)
    before, name, _ = parts[0] if parts else ("", "", "")
    if name != "sender" or not before or not line.startswith(before):
        return None
    follows = parts[1][0][:1] if len(parts) > 1 else ""
    rest = line.removeprefix(before)
    return rest.partition(follows)[0] if follows else rest


def says(template: LogTemplate, line: str, fields: Fields) -> bool:
    """Return whether a line has these fields: numbers within the template's tolerance, all else letter by letter."""
    place = 0
    for literal, name, _ in _parts(template.text):
        if not line.startswith(literal, place):
            return False
        place += len(literal)
        if name:
            end = _end_of_field(template, line, place, fields.get(name))
            if end is None:
                return False
            place = end
    return place == len(line)


def parsed(template: LogTemplate, line: str) -> dict[str, str] | None:
    """Return what stands in a line in place of the template's fields; None when it is another line.

    A field ends where what follows it in the template comes first.
    """
    found: dict[str, str] = {}
    parts = _parts(template.text)
    place = 0
    for number, (literal, name, _) in enumerate(parts):
        if not line.startswith(literal, place):
            return None
        place += len(literal)
        if name:
            follows = parts[number + 1][0] if number + 1 < len(parts) else ""
            end = line.find(follows, place) if follows else len(line)
            if end < 0:
                return None
            found[name], place = line[place:end], end
    return found if place == len(line) else None


def _end_of_field(template: LogTemplate, line: str, place: int, value: Value) -> int | None:
    """Return the end of a field at a place if it has this value there; None otherwise."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = _NUMBER.match(line, place)
        near = number and is_close(value, float(number[0]), template.atol, template.rtol)
        return number.end() if number and near else None
    text = _shown(value, "")
    return place + len(text) if line.startswith(text, place) else None


def _shown(value: Value, spec: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and spec:
        return format(value, spec)
    return shown_value(value) if isinstance(value, dict | tuple | Array) else str(value)


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return the literal texts of a template, each with the name and spelling of the field after it."""
    return tuple((literal, name or "", spec or "") for literal, name, spec, _ in Formatter().parse(text))
