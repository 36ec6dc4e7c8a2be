"""The way back from a line of a student's program to their cells, and what is said of a class that is not there."""

import pytest

from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.report.places import Place
from autograder.submission.model import Cell

CELLS = (
    Cell(None, "class Answer:\n    x = 1", stand_in=True),
    Cell("handle_event", "y = 2\n\nclass Mine(Answer):\n    z = y"),
    Cell(None, "def helper():\n    return 1\n\nclass Other:\n    h = helper"),
)


def places(*classes: str) -> dict[str, Place | None]:
    """Where each line of the program is, by its text."""
    student = StudentPart.of(CELLS, classes)
    lines = student.program.source.split("\n")
    return {text.strip(): student.locate(line) for line, text in enumerate(lines, start=1)}


def test_a_line_is_told_with_its_cell() -> None:
    found = places("Mine", "Other")
    assert found["z = y"] == Place("handle_event", 4)
    assert found["return 1"] == Place("def helper", 2, own=True)


def test_a_line_of_a_stand_in_is_nowhere() -> None:
    assert places("Mine")["x = 1"] is None


def test_a_line_that_there_is_not_is_nowhere() -> None:
    assert StudentPart.of(CELLS, ("Mine",)).locate(99) is None


def test_of_a_class_that_is_missing_the_one_with_a_name_much_like_it_is_told() -> None:
    with pytest.raises(NoSuchClass, match="No cell defines the class Others") as raised:
        StudentPart.of(CELLS, ("Others",))
    hint = raised.value.hint
    assert (hint.code, hint.data) == ("class.similar", {"similar": "Other", "name": "Others"})
    assert hint.places == (Place("def helper", 4, own=True),)


@pytest.mark.parametrize("name", ["Answers", "Quite_another"])
def test_neither_a_stand_in_nor_an_unlike_name_is_told(name: str) -> None:
    with pytest.raises(NoSuchClass) as raised:
        StudentPart.of(CELLS, (name,))
    assert (raised.value.hint.code, raised.value.hint.data) == ("class.absent", {"name": name})


def test_a_class_that_is_wanted_too_is_not_told() -> None:
    with pytest.raises(NoSuchClass) as raised:
        StudentPart.of(CELLS, ("Other", "Others"))
    assert raised.value.hint.code == "class.absent"


def test_a_magic_that_keeps_a_class_from_being_run_is_told() -> None:
    with pytest.raises(NoSuchClass) as raised:
        StudentPart.of([Cell("execute", "%%bash\nclass Mine:\n    pass")], ("Mine",))
    hint = raised.value.hint
    assert (hint.code, hint.data, hint.places) == ("class.magic", {"magic": "bash"}, (Place("execute", 1),))
