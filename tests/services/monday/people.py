"""The class, with what each hands in and what each must get: a table written by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

MOODLE, CANVAS = "moodle", "canvas"


@dataclass(frozen=True)
class Student:
    """Somebody of the class.

    Attributes:
        name: first and last name; of those who send their notebook by mail what the instructor calls the folder.
        hands_in: one of the uploads in `tests.services.monday.uploads`; several follow each other, one a download.
        grade: what the LMS's file must say in the end: empty for no grade, None for no line.
        told: what the instructor must be told, by ``zip_collect`` or in ``checks.csv``.
        team: the team that hands in for all its members.
        late: whether it was handed in after the due date.
        by_mail: whether the notebook is not in the download.
        lms: where there is such a student; in both when it is empty.
    """

    name: str
    hands_in: tuple[str, ...]
    grade: str | None
    told: str = ""
    team: str = ""
    late: bool = False
    by_mail: bool = False
    lms: str = ""


HAND_POINTS = {"Max Manual": 1.0, "Lou Looked": 2.0}
"""Points by hand for the check of the first exercise, between the first grading and the second."""

EXTENDED = "Eva Extended"

ODD = (
    Student("Tara Truncated", ("truncated.zip",), "", "damaged"),
    Student("Una Up", ("up.zip",), "", "leads out"),
    Student("Bo Bomb", ("bomb.zip",), "", "more than 32 MB"),
    Student("Pat Password", ("password.zip",), "", "needs a password"),
    Student("Tess Text", ("a text",), "", "only a text that was typed in"),
    Student("Lin Link", ("a link",), "", "only a link", lms=CANVAS),
    Student("Lin Link", ("link.zip",), "", "it is a link", lms=MOODLE),
    Student("Tim Team", ("model answer",), "12", "a team's", team="Group 7"),
    Student("Tom Team", ("model answer",), "12", "Tim Team, Tom Team", team="Group 7", lms=MOODLE),
    Student("Lara Late", ("model answer",), "10.8", "late by 22 h 5 min", late=True, lms=MOODLE),
    Student("Lara Late", ("model answer",), "12", "late, says the LMS", late=True, lms=CANVAS),
    Student(EXTENDED, ("model answer",), "12", late=True, lms=MOODLE),
    Student("Wim Wrong", ("another assignment's",), "", "cannot be graded"),
    Student("Cora Crlf", ("with CRLF",), "12"),
    Student("Uri Utf", ("in UTF-16",), "12"),
    Student("Toni Twice", ("two tries",), "12"),
    Student("eve@example.org", ("model answer",), "12", by_mail=True),
    Student("=zed", ("model answer",), "12", by_mail=True),
    Student("Abe Absent", (), "0", "not handed in", lms=MOODLE),
    Student("Abe Absent", (), None, "not handed in", lms=CANVAS),
    Student("Max Manual", ("model answer",), "9", "8 by rubric, 1 by hand"),
    Student("Lou Looked", ("model answer", "with a mistake"), "", "to be looked at: test_execute"),
)

_ORDINARY = (("model answer", "12"), ("with a mistake", "10"), ("untouched", "0"))


def students(lms: str, ordinary: int) -> Sequence[Student]:
    """The class of an LMS: so many ordinary students, who hand in few different notebooks, and all odd ones."""
    work = (_ORDINARY[number % len(_ORDINARY)] for number in range(ordinary))
    plain = [Student(f"Nia Ordinary{letters(number)}", (what,), grade) for number, (what, grade) in enumerate(work)]
    return [*plain, *(one for one in ODD if one.lms in ("", lms))]


def letters(number: int) -> str:
    """A number as letters, as in a name."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))
