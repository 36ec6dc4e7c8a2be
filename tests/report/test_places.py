"""What is written of a place in a notebook is found again."""

from dataclasses import replace

from autograder.report.places import in_words, named_by, named_in
from tests.report import rendered


def test_a_place_is_found_in_the_words_for_it():
    told = [f"It raised X ({in_words('execute', 7)}).", f"{in_words('handle_event', 12)}: x; {in_words('execute', 7)}"]
    assert named_in(told) == [("execute", 7), ("handle_event", 12)]


def test_what_is_no_place_is_not_found():
    told = [in_words(None, 3), "line 12345678 of your cell `execute`", "line 1 of your cell `<b>`", "line x"]
    assert named_in(told) == []


def test_hints_and_log_lines_name_places():
    report = rendered.partly_right()
    hint = replace(report.checks[0], where=in_words("execute", 2))
    run = replace(report.runs[0], log_lines=(f"site-0: ERROR X: {in_words('execute', 5)}",))
    assert named_by(replace(report, checks=(hint,), runs=(run,))) == [("execute", 2), ("execute", 5)]
