"""The lists of Moodle, Canvas and others, as they export them and as spreadsheets save them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.roster.lists import Reading, read_roster
from autograder.roster.model import Person, Roster

IN_UTC = Reading(UTC, {})


def roster(folder: Path, lists: Mapping[str, str | bytes], reading: Reading = IN_UTC) -> Roster:
    for name, text in lists.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(folder, "lab", reading)


PARTICIPANTS = """First name,Last name,Email address,Roles,Groups
Ada,Lovelace,ada@example.org,Student,"Lab 1, Red Dragons"
Tina,Teacher,tina@example.org,Teacher,
Bob,Ross,bob@example.org,Student,Lab 2
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Group,Grade,Last modified (submission),"Online text"
Participant 17,Ada Lovelace,ada@example.org,Submitted,Lab 1,,"Tuesday, 1 January 2030, 1:05 PM","a
text"
Participant 18,Bob Ross,bob@example.org,No submission,,,-,
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Homework (12)
    Points Possible,,,,,12
"Lovelace, Ada",4711,A-1,ada,Tuesday,
"Student, Test",9,,x,Tuesday,
"""


def test_moodles_list_of_participants(tmp_path: Path) -> None:
    assert roster(tmp_path, {"class": PARTICIPANTS}).people == (
        Person("Ada Lovelace", "ada@example.org", teams=("Lab 1", "Red Dragons")),
        Person("Bob Ross", "bob@example.org", teams=("Lab 2",)),
    )


def test_moodles_grading_worksheet_knows_numbers_and_times(tmp_path: Path) -> None:
    found = roster(tmp_path, {"lab": WORKSHEET, "other": "x,y\n"}, Reading(ZoneInfo("Europe/Berlin"), {}))
    assert found.problems == ()
    ada, bob = found.people
    assert ada == Person("Ada Lovelace", "ada@example.org", "17", (), ("Lab 1",), datetime(2030, 1, 1, 12, 5))
    assert (bob.number, bob.handed_in) == ("18", None)


def test_canvas_gradebook_without_its_test_student(tmp_path: Path) -> None:
    assert roster(tmp_path, {"class": CANVAS}).people == (
        Person("Lovelace, Ada", "", "4711", ("A-1", "ada"), own_number=True),
    )


def test_nbgraders_list_as_a_spreadsheet_saves_it(tmp_path: Path) -> None:
    text = "id;first_name;last_name;email;lms_user_id\nada;Zoë;Müller;z@example.org;5\n"
    expected = (Person("Zoë Müller", "z@example.org", "5", ("ada",)),)
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        assert roster(tmp_path, {"class": text.encode(encoding)}).people == expected


def test_several_lists_are_one_class(tmp_path: Path) -> None:
    found = roster(tmp_path, {"class": PARTICIPANTS, "class-tuesday": "name\nCy Cox\n", "lab": WORKSHEET})
    assert [(one.label, one.number, one.teams) for one in found.people] == [
        ("Ada Lovelace", "17", ("Lab 1", "Red Dragons")),
        ("Bob Ross", "18", ("Lab 2",)),
        ("Cy Cox", "", ()),
    ]


def test_headings_in_another_language_are_named(tmp_path: Path) -> None:
    text = "Vollständiger Name,ID\nAda,Teilnehmer/in 17\n"
    assert "none of its columns" not in roster(tmp_path, {"class": text}).problems
    reading = Reading(UTC, {"name": "vollständiger Name", "number": "ID"})
    assert roster(tmp_path, {"class": text}, reading).people[0].student == "Ada_17"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "none of its columns"),
        (b"a,b\n1,2\n", "none of its columns"),
        (b"\x81\x8d\xff", "cannot be read"),
        (b"PK\x03\x04" + bytes(range(256)), "cannot be read"),
        (b"name\n" + b'"' + b"x" * 200_000, "field larger"),
    ],
)
def test_a_list_that_is_none_is_told_and_the_others_are_taken(text: bytes, why: str, tmp_path: Path) -> None:
    found = roster(tmp_path, {"class": text, "class-2": "name\nAda\n"})
    assert [one.name for one in found.people] == ["Ada"]
    assert len(found.problems) == 1
    assert why in found.problems[0]
    assert "class.csv" in found.problems[0]


def test_a_time_that_can_be_read_in_two_ways_is_not_used(tmp_path: Path) -> None:
    found = roster(tmp_path, {"class": "name,handed_in\nAda,02/01/2030 12:00\nBob,31/01/2030 12:00\n"})
    assert [one.handed_in for one in found.people] == [None, datetime(2030, 1, 31, 12)]
    assert "class.csv, row 2" in found.problems[0]
    assert "two ways" in found.problems[0]


def test_times_in_another_language_are_told_in_one_line_and_make_nobody_absent(tmp_path: Path) -> None:
    text = "Vollständiger Name,Zuletzt geändert (Abgabe)\n" + "".join(
        f'{name},"{time}"\n'
        for name, time in {
            "Ada": "Freitag, 1. Februar 2030, 09:05",
            "Bob": "Freitag, 1. März 2030, 09:05",
            "Cy": "-",
            "Di": "Montag, 1. April 2030, 09:05",
        }.items()
    )
    columns = {"name": "Vollständiger Name", "handed_in": "Zuletzt geändert (Abgabe)"}
    found = roster(tmp_path, {"lab": text}, Reading(UTC, columns))
    assert [(one.handed_in, one.time_unread) for one in found.people] == [
        (None, at) for at in (True, True, False, True)
    ]
    (problem,) = found.problems
    assert "lab.csv, row 2 and 2 others: 'Freitag, 1. Februar 2030, 09:05' is no date with a time" in problem
    assert problem.endswith("These times are not used: nobody is late by them.")


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    roster(tmp_path_factory.getbasetemp(), {"class": b"name,email,handed_in\n" + content})
