"""The way back from a line of a student's module to their cells."""

import pytest

from autograder.grading.module_part import BrokenModule, ModulePart
from autograder.submission.model import Cell

CELLS = (
    Cell("execute", "class Answer:\n    x = 1", answer=True),
    Cell("handle_event", "y = 2\n\nclass Mine(Answer):\n    z = y"),
    Cell(None, "def helper():\n    return 1\n\nclass Other:\n    h = helper"),
)


def places(*classes: str) -> dict[str, str]:
    """Where each line of the module is, by its text."""
    module = ModulePart.of(CELLS, classes)
    return {text.strip(): module.locate(line) for line, text in enumerate(module.module.source.split("\n"), start=1)}


def test_a_line_is_told_with_its_cell() -> None:
    found = places("Mine", "Other")
    assert found["z = y"] == "line 4 of your cell `handle_event`"
    assert found["return 1"] == "line 2 of your own cell `def helper`"


def test_a_line_of_the_model_answer_is_nowhere() -> None:
    assert places("Mine")["x = 1"] == ""


def test_a_line_between_definitions_is_nowhere() -> None:
    assert places("Mine")[""] == ""


def test_of_a_class_that_is_missing_the_one_with_a_name_much_like_it_is_told() -> None:
    with pytest.raises(BrokenModule, match="No cell defines the class Others") as raised:
        ModulePart.of(CELLS, ("Others",))
    assert "a class Other (line 4 of your own cell `def helper`), and Others is asked for" in raised.value.hint


@pytest.mark.parametrize("name", ["Answers", "Quite_another"])
def test_neither_a_model_answer_nor_an_unlike_name_is_told(name: str) -> None:
    with pytest.raises(BrokenModule) as raised:
        ModulePart.of(CELLS, (name,))
    assert raised.value.hint.startswith(f"Does a cell of the notebook say class {name}(…)")


def test_a_class_that_is_wanted_too_is_not_told() -> None:
    with pytest.raises(BrokenModule) as raised:
        ModulePart.of(CELLS, ("Other", "Others"))
    assert raised.value.hint.startswith("Does a cell")
