"""What is written of a place in a notebook is found again."""

from dataclasses import replace

import pytest

from autograder import exercises
from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.report.places import Place, beginning, in_words, named_by, named_in
from autograder.submission.model import Cell
from autograder.submission.read import from_notebook
from tests.report import rendered


def test_a_place_is_found_in_the_words_for_it():
    told = [f"It raised X ({in_words('execute', 7)}).", f"{in_words('handle_event', 12)}: x; {in_words('execute', 7)}"]
    assert named_in(told) == [Place("execute", 7), Place("handle_event", 12)]


def test_what_is_no_place_is_not_found():
    told = [in_words(None, 3), "line 12345678 of your cell `execute`", "line 1 of your cell `<b>`", "line x"]
    told += ["Python cannot read the solution cell `a b`: x, at line 1: ", "It cannot read your cell `a`, at line 1: x"]
    assert named_in(told) == []


def test_hints_and_log_lines_name_places():
    report = rendered.partly_right()
    hint = replace(report.checks[0], where=in_words("execute", 2))
    run = replace(report.runs[0], log_lines=(f"site-0: ERROR X: {in_words('execute', 5)}",))
    assert named_by(replace(report, checks=(hint,), runs=(run,))) == [Place("execute", 2), Place("execute", 5)]


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
def test_a_cell_that_a_student_added_is_called_by_how_it_begins(source, begins):
    assert beginning(source) == begins
    place = [Place(begins, 3, own=True)] if begins else []
    assert named_in([f"It raised X ({in_words(None, 3, source)})."]) == place


def test_the_line_that_python_cannot_read_is_a_place():
    assignment = exercises.load("p2p_communication")
    cell = {"cell_type": "code", "source": "\ndef execute(self)\n", "metadata": {"nbgrader": {"grade_id": "execute"}}}
    problems = [problem.message for problem in from_notebook({"cells": [cell]}, assignment).problems]
    assert named_in(problems) == [Place("execute", 2)]

    with pytest.raises(NoSuchClass) as broken:
        StudentPart.of([Cell(None, "# Mine\nclass Mine\n")], ["Mine"])
    assert named_in([broken.value.hint]) == [Place("# Mine", 2, own=True)]
