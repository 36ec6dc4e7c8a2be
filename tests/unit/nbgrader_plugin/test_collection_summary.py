"""What `nbgrader zip_collect` says at its end."""

from pathlib import PurePath

from autograder.nbgrader_plugin.collection_summary import summary, summary_of_class
from autograder.roster.class_list import ClassList
from autograder.roster.matching import match
from autograder.roster.model import Person, Roster
from autograder.roster.rules import Rules


def test_each_student_of_whom_something_is_to_be_told_has_a_line() -> None:
    said = summary(
        ["lab.ipynb"],
        {"ada_1": ["lab.ipynb"], "bob_2": ["notes.txt"], "cy_3": [], "dan_4": ["lab.ipynb"]},
        [(PurePath("cy_3_9_hw.zip"), "it is damaged"), (PurePath("x.zip"), "it is no zip")],
        [("dan_4", "also called Dan_4"), ("Team\x1b[2J_5", "a team's\n\u202e")],
        [PurePath("readme.txt")],
    )
    assert said.splitlines() == [
        "Found 4 students: 2 with lab.ipynb, 1 with something else, 1 not collected.",
        "  bob_2: no lab.ipynb; collected in its place: notes.txt",
        "  cy_3: not collected. hw.zip: it is damaged",
        "  dan_4: also called Dan_4",
        "  Team\\x1b[2J_5: a team's\\n\\u202e",
        "  x.zip: it is no zip",
        "  Of no student, by their names: readme.txt",
    ]


def test_the_absent_and_the_strangers_are_named() -> None:
    people = (Person("Zoë\x1b"), Person("Dy, Di"), Person("Ada", "ada@example.org"))
    roster = Roster(people, ("class.csv, row 3: no date.",))
    of_class = ClassList("lab", Rules(), roster, match(roster, ["Ada", "mallory"]), ("Ada", "mallory"))
    assert summary_of_class(of_class).splitlines() == [
        "class.csv, row 3: no date.",
        "Not handed in (2 of 3 in the roster): Dy, Di; Zoë\\x1b",
        "Handed in by nobody in the roster (1): mallory",
    ]
    nobody = Roster()
    assert summary_of_class(ClassList("lab", Rules(), nobody, match(nobody, ["Ada"]), ("Ada",))) == ""
