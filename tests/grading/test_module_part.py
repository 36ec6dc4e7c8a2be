"""The way back from a line of a student's module to their cells."""

from autograder.grading.module_part import ModulePart
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
