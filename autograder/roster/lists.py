"""Reads the lists of a class as Moodle and Canvas export them, and plain ones.

``roster/class.csv`` has everybody; there may be more of them, such as ``class-tuesday.csv``.
``roster/<assignment>.csv`` is a list for one assignment: Moodle's grading worksheet, which knows the participants'
numbers in the downloads, and when each handed in. What the columns mean is seen from their headings; ``[columns]`` in
the rules names others.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from autograder.roster.model import Person, Roster, folded, spellings
from autograder.roster.spans import moment

CLASS = "class"
"""The beginning of the names of the lists with the whole class."""

_LONGEST = 20 << 20
_HEADINGS = {
    "name": ("full name", "name", "student"),
    "first_name": ("first name", "first_name", "firstname"),
    "last_name": ("last name", "last_name", "surname", "lastname"),
    "email": ("email address", "email", "e-mail", "e-mail address"),
    "number": ("identifier", "lms_user_id"),
    "id": ("id", "username", "id number", "sis login id", "sis user id", "student_id"),
    "teams": ("groups", "group", "teams", "team"),
    "roles": ("roles",),
    "handed_in": ("last modified (submission)", "handed_in", "submitted_at", "timestamp"),
}
"""The headings of columns in Moodle's, Canvas's and nbgrader's lists, by what is in them."""

FIELDS = tuple(_HEADINGS)
_CANVAS = {"student", "id", "section"}
"""The headings by which Canvas's list is known; there ``ID`` is the user's number."""

_NOBODY = re.compile(r"\s*points possible|student, test|test student", re.IGNORECASE)
_NOT_YET = {"", "-", "–"}


@dataclass(frozen=True)
class Reading:
    """The way to read lists.

    Attributes:
        zone: of times that name none.
        columns: headings that are not the usual ones, by what is in them.
    """

    zone: tzinfo
    columns: Mapping[str, str]


def read_roster(folder: Path, assignment: str, reading: Reading) -> Roster:
    """Return the class as the lists in a folder tell; what is wrong with one is told, and the others are taken."""
    problems: list[str] = []
    groups = [_read(path, reading, problems) for path in sorted(folder.glob(f"{CLASS}*.csv"))]
    own = folder / f"{assignment}.csv"
    people = _read(own, reading, problems) if own.is_file() else []
    for group in groups:
        people = _merged(people, group)
    return Roster(tuple(people), tuple(problems))


def _read(path: Path, reading: Reading, problems: list[str]) -> list[Person]:
    place = f"{path.parent.name}/{path.name}"
    try:
        return list(_people(_text(path), place, reading, problems))
    except (OSError, ValueError, csv.Error) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        problems.append(f"{place} cannot be read: {said}. Export it again as a CSV file.")
        return []


def _text(path: Path) -> str:
    if path.stat().st_size > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST >> 20} MB")
    content = path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")  # as spreadsheets save it; any other raises a ValueError


def _people(text: str, place: str, reading: Reading, problems: list[str]) -> Iterator[Person]:
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [folded(cell) for cell in (rows[0] if rows else [])]
    columns = _columns(header, reading.columns)
    if not columns.keys() & {"name", "last_name", "email", "id", "number"}:
        raise ValueError("none of its columns is known to hold names, e-mail addresses or ids; see [columns]")
    cells = [{field: _cell(row, places) for field, places in columns.items()} for row in rows[1:]]
    has_roles = any(map(_is_student, cells))  # teachers are in such a list too
    unread: list[tuple[str, str]] = []
    for number, row in enumerate(cells, start=2):
        if has_roles and not _is_student(row):
            continue
        if person := _person(row, f"row {number}", reading.zone, unread):
            yield replace(person, own_number=_is_of_canvas(header, reading.columns) and bool(person.number))
    if unread:
        problems.append(f"{place}, {_in_one_line(unread)}")


def _columns(header: Sequence[str], own: Mapping[str, str]) -> dict[str, list[int]]:
    """Return where each field is; ids can be in several columns."""
    wanted = {field: {folded(own[field])} if field in own else set(names) for field, names in _HEADINGS.items()}
    if _is_of_canvas(header, own):
        wanted["number"].add("id")
        wanted["id"].discard("id")
    found = {field: [place for place, name in enumerate(header) if name in names] for field, names in wanted.items()}
    return {field: places for field, places in found.items() if places}


def _is_of_canvas(header: Sequence[str], own: Mapping[str, str]) -> bool:
    return set(header) >= _CANVAS and "number" not in own


def _cell(row: Sequence[str], places: Sequence[int]) -> str:
    return "\n".join(filter(None, (row[place].strip() for place in places if place < len(row))))


def _is_student(row: Mapping[str, str]) -> bool:
    return "student" in folded(row.get("roles", ""))


def _person(row: Mapping[str, str], place: str, zone: tzinfo, unread: list[tuple[str, str]]) -> Person | None:
    name = row.get("name") or " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))
    digits = re.search(r"\d+$", row.get("number", ""))  # Moodle writes "Participant 17", in its own language
    ids = tuple(row.get("id", "").split("\n")) if row.get("id") else ()
    if _NOBODY.fullmatch(name) or not (name or row.get("email") or ids or digits):
        return None
    handed_in = None
    if (said := row.get("handed_in", "")) not in _NOT_YET:
        try:
            handed_in = moment(said, zone)
        except ValueError as error:
            unread.append((place, str(error)))
    teams = tuple(filter(None, (team.strip() for team in re.split(r"[,;\n]", row.get("teams", "")))))
    time_unread = handed_in is None and said not in _NOT_YET
    return Person(name, row.get("email", ""), digits[0] if digits else "", ids, teams, handed_in, time_unread)


def _in_one_line(unread: Sequence[tuple[str, str]]) -> str:
    """Return what is wrong with times in a list; as a rule it is the same with all of them."""
    (place, why), *others = unread
    if not others:
        return f"{place}: {why}. The time is not used: nobody is late by it."
    count = f"{len(others)} other{'s' * (len(others) > 1)}"
    return f"{place} and {count}: {why}. These times are not used: nobody is late by them."


def _merged(people: list[Person], others: Sequence[Person]) -> list[Person]:
    """Put two lists together; whoever is in both is one person, known by e-mail address, id or a name only one has."""
    found, places = list(people), _places(people)
    for other in others:
        same = next((places[key] for key in _keys(other) if key in places), set())
        if len(same) == 1:
            (place,) = same
            found[place] = _one_of(found[place], other)
        else:
            found.append(other)
    return found


def _places(people: Sequence[Person]) -> dict[tuple[str, str], set[int]]:
    places: dict[tuple[str, str], set[int]] = {}
    for place, person in enumerate(people):
        for key in _keys(person):
            places.setdefault(key, set()).add(place)
    return places


def _keys(person: Person) -> Iterator[tuple[str, str]]:
    """Yield what is the same in another list about the same person, the surest first."""
    if person.email:
        yield "email", folded(person.email)
    yield from (("id", folded(one)) for one in person.ids)
    yield from (("name", spelling) for spelling in sorted(spellings(person.name)))


def _one_of(person: Person, other: Person) -> Person:
    """Return a person with what another list knows besides."""
    return replace(
        person,
        name=person.name or other.name,
        email=person.email or other.email,
        number=person.number or other.number,
        own_number=(person if person.number else other).own_number,
        ids=tuple(dict.fromkeys(person.ids + other.ids)),
        teams=tuple(dict.fromkeys(person.teams + other.teams)),
    )
