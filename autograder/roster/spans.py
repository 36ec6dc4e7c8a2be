"""Spans of time and moments, as people write them."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil import parser

LONGEST = timedelta(days=3653)
"""More than anybody means. A date plus a span has to be a date that a database can keep."""
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_PART = r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|h|minutes?|min|m)\s*"
_SPAN = re.compile(f"(?:{_PART})+", re.IGNORECASE)
_EITHER_WAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2\d{4}\b")
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
        ValueError: when it is none, or can be read in two ways.
    """
    found = text if isinstance(text, datetime) else _parsed(text)
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(f"there is no time {text}") from error


def _parsed(text: str) -> datetime:
    either = _EITHER_WAY.search(text)
    if either and either[1] != either[3] and max(int(either[1]), int(either[3])) <= 12:
        raise ValueError(f"{text!r} can be read in two ways; write the date as 2030-12-31")
    if ":" not in text or not _YEAR.search(text):  # what is not there would be made up
        raise ValueError(f"{text!r} is no date with a time, such as 2030-12-31 23:59")
    try:
        found: datetime = parser.parse(text, dayfirst=not re.match(r"\s*\d{4}", text))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date with a time, such as 2030-12-31 23:59") from error
    return found


def in_words(time: timedelta) -> str:
    """Return a span of time for people, in its two largest units, such as ``2 d 3 h``; it is never longer than that."""
    minutes = int(time.total_seconds() // 60)
    counts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    shown = [f"{count} {unit}" for count, unit in counts if count]
    return " ".join(shown[:2]) or "less than a minute"
