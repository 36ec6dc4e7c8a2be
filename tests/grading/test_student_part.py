"""The way back from a line of a student's program to their cells, and what is said of a class that is not there."""

import pytest

from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.submission.model import Cell

CELLS = (
    Cell(None, "class Answer:\n    x = 1", stand_in=True),
    Cell("handle_event", "y = 2\n\nclass Mine(Answer):\n    z = y"),
    Cell(None, "def helper():\n    return 1\n\nclass Other:\n    h = helper"),
)


def places(*classes: str) -> dict[str, str]:
    """Where each line of the program is, by its text."""
    student = StudentPart.of(CELLS, classes)
    lines = student.program.source.split("\n")
    return {text.strip(): student.locate(line) for line, text in enumerate(lines, start=1)}


def test_a_line_is_told_with_its_cell() -> None:
    found = places("Mine", "Other")
    assert found["z = y"] == "line 4 of your cell `handle_event`"
    assert found["return 1"] == "line 2 of your own cell `def helper`"


def test_a_line_of_a_stand_in_is_nowhere() -> None:
    assert places("Mine")["x = 1"] == ""


def test_a_line_that_there_is_not_is_nowhere() -> None:
    assert StudentPart.of(CELLS, ("Mine",)).locate(99) == ""


def test_of_a_class_that_is_missing_the_one_with_a_name_much_like_it_is_told() -> None:
    with pytest.raises(NoSuchClass, match="No cell defines the class Others") as raised:
        StudentPart.of(CELLS, ("Others",))
    assert "a class Other (line 4 of your own cell `def helper`), and Others is asked for" in raised.value.hint


@pytest.mark.parametrize("name", ["Answers", "Quite_another"])
def test_neither_a_stand_in_nor_an_unlike_name_is_told(name: str) -> None:
    with pytest.raises(NoSuchClass) as raised:
        StudentPart.of(CELLS, (name,))
    assert raised.value.hint.startswith(f"Does a cell of the notebook say class {name}(…)")


def test_a_class_that_is_wanted_too_is_not_told() -> None:
    with pytest.raises(NoSuchClass) as raised:
        StudentPart.of(CELLS, ("Other", "Others"))
    assert raised.value.hint.startswith("Does a cell")


def test_a_magic_that_keeps_a_class_from_being_run_is_told() -> None:
    with pytest.raises(NoSuchClass) as raised:
        StudentPart.of([Cell("execute", "%%bash\nclass Mine:\n    pass")], ("Mine",))
    assert raised.value.hint == (
        "The class is in your cell `execute`, but %%bash at its top keeps the cell from being run."
    )
