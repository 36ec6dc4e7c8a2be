"""Leaving out of a notebook's JSON what does not count, before it is parsed.

Neither the size of outputs nor anything in them may decide whether a notebook can be read. As objects of Python they
take up to a hundred times their size, and lists within lists break the parser. So this looks for the ends of values
only, in time that grows with the text and without building anything.
"""

import re
from functools import cache

OUTPUTS = ("outputs", "widgets")
"""Cells have outputs. The state of widgets, which is among the notebook's metadata, is an output too."""
ATTACHMENTS = ("attachments",)
"""Pictures in text cells."""

MOST_CELLS = 100_000
"""Values that are left out."""
MOST_PARTS = 10_000_000
"""Lists and objects in such a value that hold others. Each takes about half a microsecond."""

# CPython before 3.11.5 does not go back to where a round of a repeated group began when that round fails half way. What
# can fail so is therefore an atomic group, which goes back by itself.
_STRING = rb'(?>"(?:[^"\\]++|\\.)*+")'
_NO_BRACKETS = rb'(?:[^\[\]{}"]++|' + _STRING + rb")*+"

_UP_TO_BRACKET = re.compile(rb'(?:[^\[\]{}"]++|' + _STRING + rb"|(?>[\[{]" + _NO_BRACKETS + rb"[\]}]))*+", re.DOTALL)
"""Steps over lists and objects that hold no others, which are most of them."""


class TooManyParts(ValueError):
    """A value is made of more parts than can be skipped in acceptable time."""


def without(text: bytes, names: tuple[str, ...]) -> bytes:
    """Return JSON in UTF-8 with empty lists for all lists and objects of these names; nothing if it is no JSON.

    Raises:
        TooManyParts: when there are more than `MOST_CELLS` of them, or more than `MOST_PARTS` parts in one.
    """
    key, up_to_key = _patterns(names)
    kept: list[bytes] = []
    start = position = 0
    for _ in range(MOST_CELLS):
        found = key.match(text, _end(up_to_key, text, position))
        if found is None:
            return b"".join([*kept, text[start:]])
        position = _end_of_value(text, found.end())
        if position > found.end():
            kept += [text[start : found.end()], b"[]"]
            start = position
    raise TooManyParts


@cache
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return a key with one of these names, and everything before the next one."""
    key = rb'"(?:' + "|".join(names).encode() + rb')"[ \t\r\n]*+:[ \t\r\n]*+'
    return re.compile(key), re.compile(rb'(?:[^"]++|(?>(?!' + key + rb")" + _STRING + rb"))*+", re.DOTALL)


def _end_of_value(text: bytes, start: int) -> int:
    """Return the end of the list or object at ``start``: ``start`` if there is none, the text's end if it is open."""
    depth, position = 0, start
    for _ in range(MOST_PARTS):
        match text[position : position + 1]:
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}" if depth:
                depth -= 1
            case _:
                return len(text) if depth else start
        position += 1
        if not depth:
            return position
        position = _end(_UP_TO_BRACKET, text, position)
    raise TooManyParts


def _end(pattern: re.Pattern[bytes], text: bytes, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
