"""Submitted notebooks are put in order before nbgrader looks at them."""

import copy
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.nbgrader_plugin.restore import RESTORED, CourseCell, restored
from autograder.submission.released import ReleasedCell

AFTER = {"test_a": "a", "test_b": "b"}


def course_cell(name: str, source: str, points: float | None = None, cell_type: str = "code") -> CourseCell:
    told: dict[str, Any] = {"grade_id": name, "grade": points is not None, "solution": points is None, "locked": False}
    told |= {"task": False, "cell_type": cell_type, "checksum": "0", "schema_version": 3}
    if points is not None:
        told |= {"points": points, "locked": True}
    return CourseCell(name, cell_type, source, told)


KNOWN = {
    cell.name: cell
    for cell in (
        course_cell("a", "stub a"),
        course_cell("test_a", "check('a')", 4.0),
        course_cell("b", "stub b"),
        course_cell("test_b", "check('b')", 4.0),
    )
}


def submitted(name: str, source: str = "mine", **told: Any) -> nbformat.NotebookNode:
    cell = new_code_cell(source)
    cell.metadata = nbformat.from_dict({"nbgrader": {**KNOWN[name].metadata, **told}})
    return cell


def names(cells: Any) -> list[str]:
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "-") for cell in cells]


def whole() -> list[nbformat.NotebookNode]:
    return [submitted(name, KNOWN[name].source) for name in KNOWN]


def in_order(cells: Any) -> list[nbformat.NotebookNode]:
    result = restored(cells, KNOWN, AFTER)
    nbformat.validate(new_notebook(cells=copy.deepcopy(result)))
    return result


def test_a_whole_notebook_stays_as_it_is() -> None:
    assert names(in_order(whole())) == ["a", "test_a", "b", "test_b"]


@pytest.mark.parametrize(
    "told",
    [{"grade": False}, {"points": 400}, {"solution": True}, {"schema_version": 1}, {"locked": False}, {"task": "x"}],
)
def test_what_a_check_cell_says_of_itself_does_not_count(
    told: dict[str, bool] | dict[str, int] | dict[str, str],
) -> None:
    cells = whole()
    cells[1].metadata["nbgrader"].update(told)
    assert in_order(cells)[1].metadata["nbgrader"] == KNOWN["test_a"].metadata


def test_a_solution_cell_cannot_make_itself_worth_points() -> None:
    cells = whole()
    cells[0].metadata["nbgrader"].update(grade=True, points=50)
    assert in_order(cells)[0].metadata["nbgrader"] == KNOWN["a"].metadata


@pytest.mark.parametrize("gone", [{"test_a"}, {"test_b"}, {"test_a", "test_b"}, {"a", "test_a"}, set(KNOWN)])
def test_deleted_check_cells_come_back(gone: set[str]) -> None:
    left = names(in_order([cell for cell in whole() if cell.metadata["nbgrader"]["grade_id"] not in gone]))
    assert {"test_a", "test_b"} <= set(left)
    for name in {"a", "b"} - gone:
        assert left.index(f"test_{name}") == left.index(name) + 1


def test_written_cells_that_are_missing_get_their_place_and_can_be_told() -> None:
    essay = course_cell("essay", "Why?", cell_type="markdown")
    essay.metadata.update(grade=True, points=5.0)
    known = {**KNOWN, "essay": essay}
    order = ("a", "test_a", "essay", "b", "test_b")
    released = [ReleasedCell(name, "", known[name].cell_type, known[name].source) for name in order]
    cells = restored(whole(), known, AFTER, released)
    assert names(cells) == list(order)
    assert (cells[2].cell_type, cells[2].source) == ("markdown", "Why?")
    assert [bool(cell.metadata.get(RESTORED)) for cell in cells] == [False, False, True, False, False]


def test_of_two_cells_with_one_name_the_last_keeps_it() -> None:
    first, second = submitted("a", "old"), submitted("a", "new")
    cells = in_order([first, second, *whole()[1:]])
    assert names(cells) == ["-", "a", "test_a", "b", "test_b"]
    assert cells[1].source == "new"


@pytest.mark.parametrize("by", ["id", "text"])
def test_cells_that_lost_their_metadata_are_known_as_grading_knows_them(by: str) -> None:
    released = [
        ReleasedCell(cell.name, f"id-{cell.name}", "code", cell.source, bool(cell.metadata["locked"]))
        for cell in KNOWN.values()
    ]
    cells = whole()
    for cell in cells:
        cell.id = f"id-{cell.metadata['nbgrader']['grade_id']}" if by == "id" else "other"
        cell.metadata = nbformat.from_dict({})
    result = restored(cells, KNOWN, AFTER, released)
    assert names(result) == (["a", "test_a", "b", "test_b"] if by == "id" else ["-", "test_a", "-", "test_b"])
    assert result[1].metadata["nbgrader"] == KNOWN["test_a"].metadata


def test_pictures_are_kept_and_what_is_none_is_not() -> None:
    cell = new_markdown_cell(
        "![sketch](attachment:sketch.png)", attachments={"sketch.png": {"image/png": "A"}, "a": {}}
    )
    assert in_order([*whole(), cell])[-1].attachments == {"sketch.png": {"image/png": "A"}}


def test_a_check_cell_that_was_turned_into_text_is_code_again() -> None:
    cell = new_markdown_cell("I have passed")
    cell.metadata = nbformat.from_dict({"nbgrader": KNOWN["test_a"].metadata})
    cells = whole()
    cells[1] = cell
    assert [cell.cell_type for cell in in_order(cells)] == ["code"] * 4


def test_unknown_names_tags_and_outputs_are_dropped() -> None:
    own = submitted("a", "1 + 1", grade_id="mine")
    own.metadata["tags"] = ["skip-execution"]
    own.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "4.0"})]
    assert in_order([*whole(), own])[-1].metadata == {}
    assert in_order([*whole(), own])[-1].outputs == []


@pytest.mark.parametrize(
    "cells",
    [
        None,
        "text",
        [None, 7, "text", []],
        [{}],
        [{"cell_type": "code"}],
        [{"cell_type": 7, "source": 7, "metadata": 7, "id": 7}],
        [{"cell_type": "code", "source": ["a", 1, None], "metadata": {"nbgrader": 7}}],
        [{"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": ["a"]}}}],
        [{"cell_type": "markdown", "source": "\ud800", "attachments": {"a": {"b": 7}}}],
        [{"cell_type": "raw", "source": "x", "id": "same"}, {"cell_type": "raw", "source": "y", "id": "same"}],
    ],
)
def test_whatever_is_in_the_list_of_cells_a_valid_notebook_comes_out(cells: object) -> None:
    assert {"test_a", "test_b"} <= set(names(in_order(cells)))
