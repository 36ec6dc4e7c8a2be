"""Whose a submission is, by the ids that collecting and instructors give."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.roster.matching import match
from autograder.roster.model import Person, Roster

ADA = Person("Ada Lovelace", "ada.l@example.org", "17")
BOB = Person("Ross, Bob", "bob@example.org", "4711", ("b.ross", "A-12"))
ZOE = Person("Zoë O'Hara-Müller", "zoe@example.org")
TWINS = (Person("Kim Lee", "kim1@example.org"), Person("Kim Lee", "kim2@example.org"))
CLASS = Roster((ADA, BOB, ZOE, *TWINS))


@pytest.mark.parametrize(
    ("student", "person"),
    [
        ("Ada Lovelace_17", ADA),
        ("ada lovelace_17", ADA),
        ("Group A-Ada Lovelace_17", ADA),
        ("Ada Lovelace_99", ADA),  # the number of another assignment
        ("ada.l", ADA),
        ("rossbob_4711", BOB),
        ("b.ross", BOB),
        ("BOB@example.org", BOB),
        ("Zoë O'Hara-Müller_5", ZOE),
        ("o_haramüllerzoë_5", ZOE),
        ("kim1", TWINS[0]),
        ("Kim Lee_3", None),
        ("Group A_17", None),
        ("group_7_4711", None),
        ("anon_5dA12", None),
        ("somebody", None),
    ],
)
def test_whose_it_is(student: str, person: Person | None) -> None:
    assert match(CLASS, [student]).people.get(student) is person


def test_a_team_of_canvas_is_the_member_who_handed_in() -> None:
    bob = replace(BOB, own_number=True)
    assert match(Roster((ADA, bob)), ["group_7_4711", "Group A_17"]).people == {"group_7_4711": bob}


def test_who_is_absent_and_who_is_nobody() -> None:
    found = match(CLASS, ["ada.l", "mallory"])
    assert [one.label for one in found.absent] == ["Ross, Bob", "Zoë O'Hara-Müller", "Kim Lee", "Kim Lee"]
    assert found.strangers == ("mallory",)


def test_without_a_roster_nobody_is_told_of() -> None:
    found = match(Roster(), ["ada"])
    assert (found.people, found.absent, found.strangers) == ({}, (), ())


PEOPLE = st.lists(st.builds(Person, st.text(min_size=1), st.emails(), st.integers(1, 99).map(str)), max_size=6)


@given(PEOPLE, st.lists(st.text(min_size=1), unique=True, max_size=4), st.randoms())
def test_everybody_is_there_or_absent_and_every_submission_somebodys_or_a_strangers(
    people: list[Person], others: list[str], random: Random
) -> None:
    students = list(dict.fromkeys([*(one.student for one in people if random.random() < 0.5), *others]))
    found = match(Roster(tuple(people)), students)
    assert {*found.people.values(), *found.absent} == set(people)
    assert not set(found.people.values()) & set(found.absent)
    assert {*found.people, *found.strangers} == (set(students) if people else set())
