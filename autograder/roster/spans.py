"""Spans of time and moments, as people write them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from dateutil import parser

LONGEST = timedelta(days=3653)
"""More than anybody means. A date plus a span has to be a date that a database can keep."""
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_PART = r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|h|minutes?|min|m)\s*"
_SPAN = re.compile(f"(?:{_PART})+", re.IGNORECASE)
_EITHER_WAY = re.compile(r"(?<!\d)(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+\d{4}\b")
_FROM_UTC = re.compile(r"\b(?:UTC|GMT)\s*(?=[+-]\d)")
_UTC = ("UTC", "GMT", "Z")
_MADE_UP = (datetime(2001, 1, 1, 1, 1), datetime(2002, 2, 2, 2, 2))
"""Two moments from which is taken what a text does not say: from a text that says everything comes the same twice."""
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def span(text: str) -> timedelta:
    """Return a span of time such as ``2 days``, ``36h`` or ``1 day 12 hours``.

    Raises:
        ValueError: when it is none.
    """
    if not _SPAN.fullmatch(text.strip()):
        raise ValueError(f'{text!r} is no span of time, such as "2 days", "36 hours" or "1 day 30 minutes"')
    parts = re.findall(_PART, text, re.IGNORECASE)
    try:
        found = sum((timedelta(**{_UNITS[unit[0].lower()]: float(count)}) for count, unit in parts), timedelta())
    except OverflowError:
        found = timedelta.max
    if found > LONGEST:
        raise ValueError(f"{text!r} is too long a time: more than ten years")
    return found


def moment(text: str | datetime, zone: tzinfo) -> datetime:
    """Return a date with a time, in UTC and without a zone, as nbgrader keeps it.

    Args:
        zone: of a time that names none.

    Raises:
        ValueError: when it is none, is in another language or calendar, or can be read in two ways.
    """
    found = text if isinstance(text, datetime) else _parsed(text)
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(f"there is no time {text}") from error


def _parsed(text: str) -> datetime:
    either = _EITHER_WAY.search(text)
    if either and either[1] != either[2] and max(int(either[1]), int(either[2])) <= 12:
        raise ValueError(f"{text!r} can be read in two ways; write the date as 2030-12-31")
    if ":" not in text or not _YEAR.search(text):  # what is not there would be made up
        raise ValueError(f"{text!r} is no date with a time, such as 2030-12-31 23:59")
    try:
        found, other = (_read(text, default) for default in _MADE_UP)
    except (parser.ParserError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date with a time, such as 2030-12-31 23:59") from error
    if found != other or found.year // 100 != 20:  # other years are those of other calendars
        raise ValueError(f"{text!r} is no date with a time, such as 2030-12-31 23:59")
    return found


def _read(text: str, default: datetime) -> datetime:
    known = _FROM_UTC.sub("", text)  # dateutil takes GMT+3 for three hours behind
    found: datetime = parser.parse(known, default=default, dayfirst=not re.match(r"\s*\d{4}", text), tzinfos=_zone)
    return found


def _zone(name: str | None, seconds: int | None) -> tzinfo | None:
    """Return a zone by what a text says of it; None when it says nothing.

    Raises:
        ValueError: when its name is not known: it means different zones in different places.
    """
    if name and name not in _UTC and seconds is None:
        raise ValueError(f"the time zone {name!r} is not known; write the difference, as in +01:00")
    return None if seconds is None else timezone(timedelta(seconds=seconds))


def in_words(time: timedelta) -> str:
    """Return a span of time for people, in its two largest units, such as ``2 d 3 h``; it is never longer than that."""
    minutes = int(time.total_seconds() // 60)
    counts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    shown = [f"{count} {unit}" for count, unit in counts if count]
    return " ".join(shown[:2]) or "less than a minute"
