"""Places in a notebook: how they are written, and which ones a report names."""

from dataclasses import replace

import pytest

from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.report.model import Frame, LoggedLine
from autograder.report.places import Place, beginning, shown
from autograder.submission.model import Cell
from tests.unit.report import rendered


def test_hints_and_tracebacks_name_places_each_once() -> None:
    report = rendered.partly_right()
    hint = replace(report.checks[0], places=(Place("execute", 7), Place("execute", 2, code="send()")))
    frames = (Frame(40, Place("execute", 5)), Frame(41, None), Frame(42, Place("execute", 2)))
    run = replace(report.runs[0], log_lines=(LoggedLine("site-0", "ERROR", "X", "Traceback", frames),))

    found = replace(report, checks=(hint,), runs=(run,)).places
    assert [place.name for place in found] == [("execute", 7, False), ("execute", 2, False), ("execute", 5, False)]
    assert hint.where == "line 2 of your cell `execute`: send()"


@pytest.mark.parametrize(
    ("source", "begins"),
    [
        ("\n  \nimport logging\n", "import logging"),
        ("def greeting(site: str) -> str:\n    return site", "def greeting"),
        ("# Hilfen für mich, 2. Versuch", "# Hilfen für mich, 2. Versuch"),
        ("@dataclass\nclass A: pass", "@dataclass"),
        ("x" * 99, "x" * 40),
        ("(a, b) = 1, 2", ""),
        ("`'\"\u202e", ""),
        ("", ""),
    ],
)
def test_a_cell_that_a_student_added_is_called_by_how_it_begins(source: str, begins: str) -> None:
    assert beginning(source) == begins
    place = Place.of(None, source, 3)
    assert place == Place(begins, 3, own=True)
    assert str(place) == (f"line 3 of your own cell `{begins}`" if begins else "line 3 of a cell of your own")


def test_a_place_is_shown_where_its_code_is_known() -> None:
    assert shown((Place("a", 1), Place("a", 2, code="x"), Place("b", 3, code="y"))) == (
        "line 2 of your cell `a`: x; line 3 of your cell `b`: y"
    )


def test_the_line_that_python_cannot_read_is_a_place() -> None:
    with pytest.raises(NoSuchClass) as broken:
        StudentPart.of([Cell(None, "# Mine\nclass Mine\n")], ["Mine"])
    assert broken.value.hint.places == (Place("# Mine", 2, own=True),)
