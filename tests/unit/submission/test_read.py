"""Bad input becomes problems, never an exception."""

import copy
import json
import os
import platform
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat import from_dict
from nbgrader.utils import compute_checksum

from autograder.assignments import load
from autograder.submission.file import LARGEST_FILE, LARGEST_NOTEBOOK
from autograder.submission.model import Problem, Severity, Submission
from autograder.submission.python_code import MOST_CODE
from autograder.submission.read import MOST_CELLS, from_notebook, read_submission
from tests.tools.course_folder import CHECKOUT

ASSIGNMENT = load("p2p_communication")
NAME = f"{ASSIGNMENT.name}.ipynb"
PYTHON = ".".join(platform.python_version_tuple()[:2])


def cell(grade_id: str | None, source: Any = "x = 1", kind: str = "code", **metadata: Any) -> dict[str, Any]:
    nbgrader = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": kind, "source": source, "metadata": {**nbgrader, **metadata}}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


WHOLE = notebook(
    cell("imports", "import os"),
    cell("simple_controller"),
    cell("execute", "class TalkingExecutor: pass"),
    cell("test_execute"),
    cell(None, "helper = 1"),
    cell("handle_event", ["class P2PExecutor:\n", "    pass"]),
    cell("test_handle_event"),
    cell("server_handler", "class P2PController: pass"),
    cell("test_server_handler"),
)


def changed(index: int, **fields: Any) -> dict[str, Any]:
    result = copy.deepcopy(WHOLE)
    result["cells"][index].update(fields)
    return result


def only_problem(submission: Submission, exercise: str | None = None) -> Problem:
    problems = [p for p in submission.problems if p.exercise == exercise]
    assert len(problems) == 1, problems
    return problems[0]


def test_a_whole_notebook_has_no_problems_and_all_its_code_cells_in_order() -> None:
    submission = from_notebook(WHOLE, ASSIGNMENT)

    assert submission.problems == ()
    assert [c.grade_id for c in submission.cells] == [
        *("imports", "simple_controller", "execute", "test_execute", None),
        *("handle_event", "test_handle_event", "server_handler", "test_server_handler"),
    ]
    assert [c.source for c in submission.cells if c.grade_id == "handle_event"] == ["class P2PExecutor:\n    pass"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"metadata": {}}, "solution.deleted"),
        ({"metadata": {"nbgrader": {"grade_id": "renamed"}}}, "solution.deleted"),
        ({"metadata": {"nbgrader": "no dict"}}, "solution.deleted"),
        ({"metadata": 5}, "solution.deleted"),
        ({"cell_type": "markdown"}, "solution.turned_into_text"),
        ({"source": " \n"}, "solution.empty"),
        ({"source": None}, "solution.empty"),
    ],
)
def test_what_is_wrong_with_a_solution_cell_is_noted_and_costs_nothing(fields: dict[str, Any], code: str) -> None:
    submission = from_notebook(changed(2, **fields), ASSIGNMENT)

    problem = only_problem(submission, "execute")
    assert (problem.severity, problem.code) == (Severity.NOTE, code)
    assert len(submission.problems) == 1


@pytest.mark.parametrize(
    "source",
    ["class A(:\n  pass", "x = '\x00'", "type X = int" if sys.version_info < (3, 12) else "type = = int"],
)
def test_a_solution_cell_that_python_cannot_read_is_noted_with_the_line(source: str) -> None:
    (problem,) = from_notebook(changed(2, source=source), ASSIGNMENT).problems

    assert (problem.severity, problem.code) == (Severity.NOTE, "class.unreadable")
    assert (problem.exercise, problem.line) == ("execute", 1)
    assert (problem.data["python"], problem.data["text"]) == (PYTHON, source.split("\n")[0])


def test_a_cell_that_was_split_stays_in_two_parts() -> None:
    first = cell("execute", "class TalkingExecutor:\n    x = 1")
    cells = [*WHOLE["cells"][:2], first, cell("execute", "y = 2"), *WHOLE["cells"][3:]]
    submission = from_notebook(notebook(*cells), ASSIGNMENT)

    assert submission.problems == ()
    assert [c.source for c in submission.cells if c.grade_id == "execute"] == [first["source"], "y = 2"]


@pytest.mark.parametrize(("saved", "noted"), [("99.1.0", True), ("3.8.1", False), ("x", False), (None, False)])
def test_code_of_a_newer_python_that_cannot_be_read_is_told(saved: str | None, noted: bool) -> None:
    broken = changed(2, source="class A(:")
    broken["metadata"] = {"language_info": {"name": "python", "version": saved}}
    told = [p for p in from_notebook(broken, ASSIGNMENT).problems if p.exercise is None]

    assert told == [Problem.note("notebook.newer_python", saved="99.1", python=PYTHON)] * noted
    whole = {**WHOLE, "metadata": broken["metadata"]}
    assert from_notebook(whole, ASSIGNMENT).problems == (), "it is not the cause of anything"


def test_a_check_cell_that_was_deleted_is_noted() -> None:
    cells = [c for c in WHOLE["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") != "test_execute"]

    problem = only_problem(from_notebook(notebook(*cells), ASSIGNMENT), "execute")
    assert problem == Problem.note("check_cell.deleted", "execute", cell="test_execute")


def test_a_given_cell_that_was_deleted_is_noted() -> None:
    problem = only_problem(from_notebook(notebook(*WHOLE["cells"][1:]), ASSIGNMENT))

    assert problem == Problem.note("given_cell.deleted", cell="imports")


@pytest.mark.parametrize("kind", ["code", "markdown"])
@pytest.mark.parametrize(
    ("index", "told", "code"),
    [
        (0, {"grade": False, "locked": True}, "given_cell.changed"),
        (3, {"grade": True, "locked": True, "points": 4}, "check_cell.changed"),
    ],
)
def test_course_cells_that_were_changed_are_noted(index: int, told: dict[str, Any], code: str, kind: str) -> None:
    whole = copy.deepcopy(WHOLE)
    nbgrader = whole["cells"][index]["metadata"]["nbgrader"]
    nbgrader.update(told, solution=False)
    nbgrader["checksum"] = compute_checksum(from_dict(whole["cells"][index]))
    assert from_notebook(whole, ASSIGNMENT).problems == ()

    whole["cells"][index].update({"cell_type": kind, "source": "4.0"})
    (problem,) = from_notebook(whole, ASSIGNMENT).problems
    assert (problem.severity, problem.code) == (Severity.NOTE, code)


def test_messages_can_be_printed_whatever_they_quote() -> None:
    odd = changed(2, source="x = '\ud800'", metadata={"nbgrader": {"grade_id": "execute"}, "tags": ["\udfff"]})

    problems = from_notebook(odd, ASSIGNMENT).problems
    assert len(problems) == 2
    for problem in problems:
        problem.message.encode("utf-8")


def test_notebooks_of_any_content_raise_nothing(tmp_path: Path) -> None:
    draw = random.Random(11)
    junk: list[Any] = [None, 5, True, "x", "\ud800", [], {}, ["a", 5, [1]], {"tags": [[1], {}]}, 10**400, -1.5]

    def spoiled(value: Any, share: float) -> Any:
        if draw.random() < share:
            return draw.choice(junk)
        if isinstance(value, dict):
            return {key: spoiled(inner, share) for key, inner in value.items() if draw.random() > share}
        return [spoiled(inner, share) for inner in value] if isinstance(value, list) else value

    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": WHOLE["cells"]}]}
    for number in range(200):
        path = tmp_path / NAME
        path.write_text(json.dumps(spoiled(draw.choice([WHOLE, old]), (0.01, 0.05, 0.2)[number % 3])))
        read_submission(tmp_path, ASSIGNMENT, CHECKOUT)


def test_tags_are_noted() -> None:
    tagged = changed(2, metadata={"nbgrader": {"grade_id": "execute"}, "tags": ["skip-execution"]})

    assert only_problem(from_notebook(tagged, ASSIGNMENT)) == Problem.note("cells.tags", tags=("skip-execution",))


def test_tags_that_were_handed_out_are_not() -> None:
    tagged = changed(2, metadata={"nbgrader": {"grade_id": "execute"}, "tags": ["hide-input", "mine"]})

    problem = only_problem(from_notebook(tagged, ASSIGNMENT, tags={"hide-input"}))
    assert problem == Problem.note("cells.tags", tags=("mine",))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not json", "file.not_json"),
        (b"", "file.not_json"),
        (b"\xff\xfe", "file.not_json"),
        (b"{\xff\xfe}", "file.not_text"),
        (b"[]", "file.no_notebook"),
        (b"{}", "file.no_notebook"),
        (b'{"nbformat": 4}', "file.no_cells"),
        (b'{"nbformat": 99, "cells": []}', "file.other_format"),
        (b'{"nbformat": "x"}', "file.other_format"),
        (b"[" * 200_000, "file.too_deep"),
        (b"{\n<<<<<<< HEAD\n}", "file.git_conflict"),
    ],
)
def test_what_is_no_notebook_cannot_be_graded(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / NAME).write_bytes(content)

    problem = only_problem(read_submission(tmp_path, ASSIGNMENT, CHECKOUT))
    assert (problem.severity, problem.code, problem.data["file"]) == (Severity.FATAL, code, NAME)


def test_an_old_notebook_is_upgraded(tmp_path: Path) -> None:
    old = {"cell_type": "code", "outputs": [], "language": "python"}
    named = cell("execute")
    book = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {"cells": [{**old, "input": "x = 1", "metadata": {}}, {**old, "input": "y", "metadata": named["metadata"]}]}
        ],
    }
    (tmp_path / NAME).write_text(json.dumps(book))

    submission = read_submission(tmp_path, ASSIGNMENT, CHECKOUT)
    assert submission.fatal == ()
    assert [c.source for c in submission.cells] == ["x = 1", "y"]
    assert (Severity.NOTE, "file.old_format") in [(problem.severity, problem.code) for problem in submission.problems]


@pytest.mark.parametrize(
    ("size", "code", "megabytes"),
    [(5 * LARGEST_NOTEBOOK, "file.too_much", 50), (2 * LARGEST_FILE, "file.too_large", 200)],
)
def test_a_notebook_that_is_too_large_is_not_opened(tmp_path: Path, size: int, code: str, megabytes: int) -> None:
    with (tmp_path / NAME).open("wb") as file:
        file.write(b" " * (6 * LARGEST_NOTEBOOK))
        file.truncate(size)

    problem = only_problem(read_submission(tmp_path, ASSIGNMENT, CHECKOUT))
    assert (problem.severity, problem.code) == (Severity.FATAL, code)
    assert problem.data["megabytes"] == megabytes


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [cell(None, "print('homework 3')")],
        [cell("imports", "import numpy as np"), cell("exercise_1", "x = 1"), cell("test_exercise_1", "assert x")],
        [cell("execute", "import os", kind="markdown", nbgrader={}), cell(None, kind="markdown")],
    ],
)
def test_a_notebook_of_something_else_is_not_graded(cells: list[dict[str, Any]]) -> None:
    (problem,) = from_notebook(notebook(*cells), ASSIGNMENT).problems
    assert (problem.severity, problem.code) == (Severity.FATAL, "notebook.other")
    first = next((c["source"] for c in cells if c["cell_type"] == "code"), "")
    assert (problem.data["assignment"], problem.data["begins"]) == (ASSIGNMENT.name, first)
    assert "(`execute`, `handle_event` and `server_handler`)" in problem.message


def test_a_notebook_without_any_answer_is_left_to_a_person() -> None:
    checks = [cell("test_execute", "course.check('execute')"), cell("test_handle_event")]
    (problem,) = from_notebook(notebook(*checks, cell(None, "print('homework 3')")), ASSIGNMENT).problems
    assert (problem.severity, problem.code) == (Severity.FATAL, "notebook.no_answers")
    assert problem.data["begins"] == "course.check('execute')"


def test_answers_in_other_cells_count_when_all_solution_cells_are_gone() -> None:
    cells = [cell("test_execute"), cell(None, "P2PExecutor = type('P2PExecutor', (Executor,), {})")]
    assert not from_notebook(notebook(*cells), ASSIGNMENT).fatal


def test_an_empty_folder(tmp_path: Path) -> None:
    assert only_problem(read_submission(tmp_path, ASSIGNMENT, CHECKOUT)).code == "file.none"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert only_problem(read_submission(tmp_path / "nobody", ASSIGNMENT, CHECKOUT)).code == "folder.unreadable"


def test_a_notebook_of_another_name(tmp_path: Path) -> None:
    (tmp_path / "homework.ipynb").write_text(json.dumps(WHOLE))

    problem = only_problem(read_submission(tmp_path, ASSIGNMENT, CHECKOUT))
    assert (problem.severity, problem.code) == (Severity.FATAL, "file.other_name")
    assert (problem.data["notebooks"], problem.data["wanted"]) == (("homework.ipynb",), NAME)


def test_of_two_notebooks_the_one_of_the_right_name_counts(tmp_path: Path) -> None:
    (tmp_path / "copy.ipynb").write_text("{}")
    (tmp_path / NAME).write_text(json.dumps(WHOLE))

    submission = read_submission(tmp_path, ASSIGNMENT, CHECKOUT)
    assert submission.fatal == ()
    assert Problem.note("file.left_aside", notebooks=("copy.ipynb",)) in submission.problems
    assert len(submission.cells) == 9


def test_links_pipes_and_folders_in_place_of_the_notebook_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(json.dumps(WHOLE))
    makers: dict[str, Callable[[Path], None]] = {
        "link": lambda path: path.symlink_to(outside),
        "pipe": os.mkfifo,
        "folder": Path.mkdir,
    }
    for kind, make in makers.items():
        folder = tmp_path / kind
        folder.mkdir()
        make(folder / NAME)

        assert only_problem(read_submission(folder, ASSIGNMENT, CHECKOUT)).severity is Severity.FATAL


@pytest.mark.parametrize(("cells", "characters"), [(MOST_CELLS + 1, 1), (3, MOST_CODE // 2)], ids=["cells", "code"])
def test_cells_that_together_take_minutes_to_read_are_not_read(cells: int, characters: int) -> None:
    whole = notebook(*WHOLE["cells"], *(cell(None, "x" * characters) for _ in range(cells)))
    (problem,) = from_notebook(whole, ASSIGNMENT).fatal
    assert problem.code == "notebook.too_much_code"
