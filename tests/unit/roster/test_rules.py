"""Due dates, grace, penalties and extensions, as `roster/rules.toml` has them."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import CourseError
from autograder.roster.class_list import ClassList, absent_from_all
from autograder.roster.rules import LateRule, read_rules
from autograder.roster.spans import in_words, span
from tests.unit.docs.documents import ROOT, read

RULES = """
timezone = "Europe/Berlin"

[late]
grace = "15 minutes"
off = "10%"
each = "1 day"

[assignments.lab]
due = 2030-01-01T12:00:00

[assignments.lab.late]
at_most = 2.5

[assignments.lab.extensions]
"Ada Lovelace" = "2 days"
"bob@example.org" = 2030-01-05T12:00:00Z
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "roster").mkdir()
    (tmp_path / "roster" / "rules.toml").write_text(RULES)
    (tmp_path / "roster" / "class.csv").write_text(
        "name,email\nAda Lovelace,ada@example.org\nBob Ross,bob@example.org\n"
    )
    return tmp_path


def test_terms_of_students(course: Path) -> None:
    found = ClassList.read(course, "lab", ["Ada Lovelace_17", "Bob Ross_18", "cy"])
    ada, bob, cy = (found.terms(student) for student in found.students)
    due = datetime(2030, 1, 1, 11)
    assert ada.due == bob.due == cy.due == due
    assert (ada.extended_by(due), bob.extended_by(due), cy.extended_by(due)) == (
        timedelta(days=2),
        timedelta(days=4, hours=1),
        timedelta(),
    )
    assert ada.rule.at_most is not None
    assert ada.rule.grace == timedelta(minutes=15)
    assert len({ada.text, bob.text, cy.text}) == 3
    other = ClassList.read(course, "other", ["cy"]).terms("cy")
    assert (other.due, other.decided, other.rule.at_most) == (None, False, None)


def test_the_rules_in_the_documents_are_rules(tmp_path: Path) -> None:
    (shown,) = [block for block in read(ROOT / "docs" / "instructors.md").blocks if "[assignments." in block]
    (tmp_path / "rules.toml").write_text(shown)
    rules = read_rules(tmp_path)
    assert set(rules.extensions("p2p_communication")) == {"ada@example.org", "Bob Ross_1234568"}
    assert rules.late_rule("p2p_communication").penalty(12, timedelta(days=3, hours=1)) == pytest.approx(4.8)


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    found = ClassList.read(tmp_path, "lab", ["ada"])
    assert found.terms("ada").text == ""
    assert (found.absent, found.remarks) == ((), ())


def test_who_is_absent_from_all_assignments(tmp_path: Path) -> None:
    """Moodle numbers the participants of each assignment anew, and each has a list of its own."""
    (tmp_path / "roster").mkdir()
    for name, numbers in {"lab": {"Ada": 1, "Bob": 2, "Cy": 3}, "lap": {"Cy": 1, "Ada": 2, "Bob": 3, "Dan": 4}}.items():
        lines = [f"Participant {number},{person},{person}@x.org\n" for person, number in numbers.items()]
        (tmp_path / "roster" / f"{name}.csv").write_text("Identifier,Full name,Email address\n" + "".join(lines))
    assert absent_from_all(tmp_path, ["lab", "lap"], ["Ada_1", "Bob_3"]) == ("Cy", "Dan")
    assert absent_from_all(tmp_path / "nothing", ["lab"], ["Ada_1"]) == ()


def test_an_extension_for_nobody_is_told(course: Path) -> None:
    with (course / "roster" / "rules.toml").open("a") as file:
        file.write('"Adda" = "1h"\n')
    assert "'Adda'" in ClassList.read(course, "lab", []).remarks[0]


def test_an_assignment_that_there_is_not_is_told(course: Path) -> None:
    assert ClassList.read(course, "lap", []).remarks[0] == "roster/rules.toml: there is no assignment 'lab' in source/."
    (course / "source" / "lab").mkdir(parents=True)
    assert ClassList.read(course, "lap", []).remarks == ()


def test_an_extension_that_could_be_for_two_is_refused(course: Path) -> None:
    (course / "roster" / "class.csv").write_text("name,email\nAda Lovelace,a@example.org\nAda Lovelace,b@example.org\n")
    with pytest.raises(CourseError, match="Write the e-mail address"):
        ClassList.read(course, "lab", ["a"])
    (course / "roster" / "class.csv").write_text("name,email\nAda Lovelace,a@example.org\n")
    twice = ClassList.read(course, "lab", ["a", "Ada Lovelace_17"])  # in two folders, but one person
    assert {twice.terms(student).extension for student in twice.students} == {timedelta(days=2)}
    (course / "roster" / "class.csv").unlink()
    with pytest.raises(CourseError, match="Ada Lovelace_1' or 'Ada Lovelace_2"):
        ClassList.read(course, "lab", ["Ada Lovelace_1", "Ada Lovelace_2"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("due", "rules.toml cannot be read"),
        ("latee = 1", "latee is no setting"),
        ('timezone = "Mars/Olympus"', "no time zone 'Mars/Olympus'"),
        ('[late]\ngrace = "soon"', "late.grace: 'soon' is no span of time"),
        ('[late]\ngrace = "3000000 days"', "late.grace: '3000000 days' is too long a time"),
        ("[late]\ngrace = 5", 'late.grace: write a span of time as "2 days"'),
        ('[late]\noff = "110%"', "late.off: write a number of points"),
        ('[late]\neach = "0 days"', "late.each: write a span of time above 0"),
        ("[assignments.lab]\ndue = 2030-01-01", "assignments.lab.due: write a date with a time"),
        ('[assignments.lab]\ndue = "New Year"', "assignments.lab.due: "),
        ("[assignments.lab]\ndue = 9999-12-31T23:59:59-12:00", "there is no time"),
        ('[columns]\nnames = "x"', "knows no 'names'"),
    ],
)
def test_what_is_wrong_is_told(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(text)
    with pytest.raises(CourseError) as told:
        read_rules(tmp_path)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("rule", "late", "penalty"),
    [
        ({}, "9 days", 0),
        ({"off": 1}, "1 minute", 1),
        ({"off": 1, "grace": "1 hour"}, "1 hour", 0),
        ({"off": 1, "grace": "1 hour", "each": "1 day"}, "61 minutes", 1),
        ({"off": 1, "each": "1 day"}, "24 hours", 1),
        ({"off": 1, "each": "1 day"}, "25 hours", 2),
        ({"off": "10%", "each": "1 hour"}, "3 hours", 3),
        ({"off": "10%", "each": "1 hour", "at_most": "20%"}, "3 hours", 2),
        ({"off": 1, "each": "1 day"}, "90 days", 10),
        ({"closed_after": "1 day"}, "25 hours", 10),
    ],
)
def test_penalties(rule: dict[str, object], late: str, penalty: float) -> None:
    assert LateRule.model_validate(rule).penalty(10.0, span(late)) == pytest.approx(penalty)


SPANS = st.timedeltas(timedelta(), timedelta(days=400))


@given(st.floats(0, 100), st.lists(SPANS, min_size=2, max_size=5), st.floats(0, 5), SPANS, SPANS.filter(bool))
def test_a_penalty_is_never_more_than_the_score_and_never_less_for_being_later(
    score: float, times: list[timedelta], off: float, grace: timedelta, each: timedelta
) -> None:
    rule = LateRule.model_validate({"off": off, "grace": grace, "each": each})
    penalties = [rule.penalty(score, late) for late in sorted(times)]
    assert penalties == sorted(penalties)
    assert all(0 <= penalty <= score for penalty in penalties)


@pytest.mark.parametrize(
    ("time", "words"),
    [("90 m", "1 h 30 min"), ("1w 3h 5m", "7 d 3 h"), ("1d 5min", "1 d 5 min"), ("0.5 minutes", "less than a minute")],
)
def test_spans_of_time(time: str, words: str) -> None:
    assert in_words(span(time)) == words
