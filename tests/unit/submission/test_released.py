"""Submitted cells are recognised by name, else by id, else by their text."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from autograder.assignments import load
from autograder.grading.cache_key import content_key
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.submission.model import Submission
from autograder.submission.read import from_notebook
from autograder.submission.released import ReleasedCell, grade_id_of, recognised, released_cells
from tests.tools.course_folder import CHECKOUT

SETTINGS = RunSettings(Isolation.SANDBOX)
ASSIGNMENT = load("p2p_communication")
RELEASED = released_cells(CHECKOUT, ASSIGNMENT.name)
RELEASE: dict[str, Any] = json.loads(CHECKOUT.release(ASSIGNMENT.name).read_text(encoding="utf-8"))
SOLUTIONS = [exercise.name for exercise in ASSIGNMENT.exercises]
A = ReleasedCell("a", "id-a", "code", "stub")
CHECK = ReleasedCell("test_a", "id-test", "code", "check()", locked=True)


def cell(source: str = "mine", name: str = "", cell_id: str = "") -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "id": cell_id, "metadata": {"nbgrader": {"grade_id": name}}}


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ([cell(name="a"), cell(name="test_a")], ["a", "test_a"]),
        ([cell(cell_id="id-a"), cell(cell_id="id-test")], ["a", "test_a"]),
        ([cell(name="renamed", cell_id="id-a")], ["a"]),
        ([cell(name="a", cell_id="id-test")], ["a"]),
        ([cell(name="a"), cell(name="a")], ["a", "a"]),
        ([cell("stub"), cell("check()")], ["", "test_a"]),
        ([cell("check()"), cell(name="test_a")], ["", "test_a"]),
        ([cell("check() ")], [""]),
        ([{}, {"metadata": 5, "id": 7, "source": 3}, {"id": ["id-a"]}], ["", "", ""]),
    ],
)
def test_name_then_id_then_text(cells: list[dict[str, Any]], names: list[str]) -> None:
    assert recognised(cells, [A, CHECK]) == names


def test_what_could_be_two_cells_is_none() -> None:
    twins = [ReleasedCell(name, "same", "code", "check()", locked=True) for name in ("a", "b")]
    assert recognised([cell("check()", cell_id="same")], twins) == [""]


def changed(change: Callable[[dict[str, Any]], object]) -> Submission:
    notebook = copy.deepcopy(RELEASE)
    for one in notebook["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") in SOLUTIONS:
            one["source"] = "answer = 1"
        change(one)
    return from_notebook(notebook, ASSIGNMENT, RELEASED)


def test_metadata_that_are_gone_change_nothing_when_ids_are_there() -> None:
    whole, bare = changed(lambda one: None), changed(lambda one: one.update(metadata={}))
    assert bare.cells == whole.cells
    assert content_key(bare, ASSIGNMENT, CHECKOUT, SETTINGS) == content_key(whole, ASSIGNMENT, CHECKOUT, SETTINGS)
    (note,) = bare.problems
    assert note.code == "cells.without_names"


def test_metadata_that_are_gone_from_any_cells_change_nothing_when_ids_are_there() -> None:
    whole, draw = changed(lambda one: None), random.Random(3)
    for _ in range(50):
        some = changed(lambda one: one.update(metadata=draw.choice([{}, one["metadata"], {"nbgrader": {}}, {"x": 1}])))
        assert some.cells == whole.cells
        assert {problem.code for problem in some.problems} <= {"cells.without_names"}


def test_without_ids_given_and_check_cells_are_known_by_their_text() -> None:
    bare = changed(lambda one: (one.pop("id"), one.update(metadata={})))
    whole = changed(lambda one: None)
    assert [c.source for c in bare.cells] == [c.source for c in whole.cells]
    assert [c.grade_id for c in bare.cells] == [None if c.grade_id in SOLUTIONS else c.grade_id for c in whole.cells]
    assert bare.fatal == ()


def test_a_course_cell_without_metadata_that_was_edited_is_told() -> None:
    def edit(one: dict[str, Any]) -> None:
        if grade_id_of(one) in ("imports", "test_execute"):
            one["source"] = "import time"
        one["metadata"] = {}

    told = {(problem.code, problem.data.get("cell")) for problem in changed(edit).problems}
    assert {("given_cell.changed", "imports"), ("check_cell.changed", "test_execute")} <= told


def test_the_release_and_the_source_have_the_same_cells() -> None:
    source = json.loads(CHECKOUT.source(ASSIGNMENT.name).read_text(encoding="utf-8"))
    assert [c["id"] for c in source["cells"]] == [c["id"] for c in RELEASE["cells"]]
