"""Reasons: why something is as it is, as a code and what belongs to it. Words are made of them last, and only here.

A catalogue has a template for each code. What a template can hold:

``{site}``
    what the reason's data has under this name; of several names a list, in which the server is no name;
``{topic!r}``, ``{count:,}``
    the same as Python writes it, or as Python formats a number;
``{cells:`}``
    each of several names between two signs, such as backticks;
``{at}``, ``{cell}``, ``{line}``
    a place that the reason names, its cell, and the number of its line;
``[ It is {this}.]``, ``[It is {this}.|It is not.]``
    what is said only where all that it names is there, and what is said else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from autograder.report.places import Place

Datum = str | int | tuple[str, ...]
"""A datum of a reason: a text or a number, or several texts."""

_SERVER = "server"
_MOST_NAMES = 10
_LONGEST_NAME = 100
_OPTIONAL = re.compile(r"\[([^\[\]|]*)(?:\|([^\[\]|]*))?\]")


@dataclass(frozen=True)
class Reason:
    """The reason why something is as it is.

    Attributes:
        code: which reason it is, such as ``reply.missing``.
        data: what belongs to it, by name.
    """

    code: str
    data: Mapping[str, Datum] = field(default_factory=dict, hash=False)


def in_words(template: str, data: Mapping[str, Datum], places: Sequence[Place] = ()) -> str:
    """Fill in a template.

    Args:
        places: of which the first without its code is the one that the words name.
    """
    named = next((place for place in places if not place.code), None)
    fields = {"at": str(named), "cell": named.cell_in_words, "line": named.line, **data} if named else data
    kept = _OPTIONAL.sub(lambda found: found[1] if _is_there(found[1], fields) else found[2] or "", template)
    return _Words().vformat(kept, (), fields)


def listed(names: Sequence[str]) -> str:
    """Put names into a sentence, of many the first: the server is not called by a name."""
    said = [f"the {_SERVER}" if name == _SERVER else name[:_LONGEST_NAME] for name in names[:_MOST_NAMES]]
    said += [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return joined(said)


def joined(names: Sequence[str]) -> str:
    """Put all of these names into a sentence, as they are."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _is_there(template: str, fields: Mapping[str, Any]) -> bool:
    return all(fields.get(name) for _, name, _, _ in Formatter().parse(template) if name)


class _Words(Formatter):
    """Fills in a template, with several names as a list."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, tuple):
            return listed([f"{format_spec}{name}{format_spec}" for name in value])
        return format(value, format_spec)
