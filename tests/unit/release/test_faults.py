"""Everything that must not be in a release is found: each test breaks a copy in one way."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import assignments
from autograder.course import Course
from autograder.release import complete
from autograder.release.fault import Fault
from autograder.release.parts import other_notebooks
from autograder.release.sections import headings, sections
from autograder.release.verify import faults_of, points_by_hand
from autograder.rubric import concepts
from autograder.rubric.concepts import Idea
from autograder.rubric.model import Check, Finding, Hint
from autograder.submission.percent import read_parts
from tests.tools.course_folder import CHECKOUT
from tests.tools.written_answers import essay, extra_check, task
from tests.unit.release.conftest import NAME, cell

Change = Callable[[Callable[[dict[str, Any]], object]], list[Fault]]


def solution(part: str) -> str:
    text = (CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8")
    return next(one.source for one in read_parts(text) if one.replaces == part)


def test_the_release_as_it_is_has_no_faults(course: Course) -> None:
    assert faults_of(course.release(NAME), course, assignments.load(NAME)) == []


def test_somebodys_attempts_are_in_no_release(course: Course) -> None:
    (course.release(NAME).parent / f"{NAME}-attempts.jsonl").write_text("{}\n")
    (fault,) = faults_of(course.release(NAME), course, assignments.load(NAME))
    assert (fault.where, fault.code) == (f"{NAME}-attempts.jsonl", "attempts.there")


STUB = "class TalkingExecutor(Executor):\n    def execute(self):\n        raise NotImplementedError()"


def put(grade_id: str, source: str) -> Callable[[dict[str, Any]], object]:
    return lambda notebook: cell(notebook, grade_id).update(source=source)


def take_out(grade_id: str) -> Callable[[dict[str, Any]], object]:
    return lambda notebook: notebook["cells"].remove(cell(notebook, grade_id))


@pytest.mark.parametrize(
    ("how", "where", "code", "data"),
    [
        (put("execute", solution("execute")), "cell execute", "stub.solved", {"method": "TalkingExecutor.execute"}),
        (put("execute", solution("execute")), "cell execute", "cell.solution_text", ...),
        (
            put("execute", "class TalkingExecutor:\n    pass"),
            "cell execute",
            "stub.no_method",
            {"name": "TalkingExecutor"},
        ),
        (put("execute", "x = 1"), "cell execute", "stub.no_class", {"name": "TalkingExecutor"}),
        (
            put("execute", STUB + "\n    send = lambda self: 1"),
            "cell execute",
            "stub.more",
            {"name": "TalkingExecutor", "line": 4},
        ),
        (put("execute", STUB + "\n\ndef send():\n    pass"), "cell execute", "stub.besides", {"line": 5}),
        (put("execute", "class (:"), "cell execute", "stub.unreadable", ...),
        (put("execute", STUB), "exercise execute", "stub.other_stand_in", {}),
        (take_out("execute"), "cell execute", "stub.missing", {}),
        (take_out("test_execute"), "cell test_execute", "check_cell.missing", {}),
        (put("test_execute", "1.0"), "cell test_execute", "check_cell.no_check", {"exercise": "execute"}),
        (
            lambda notebook: cell(notebook, "test_execute")["metadata"]["nbgrader"].update(points=3),
            "cell test_execute",
            "check_cell.points",
            {"points": "3", "rubric": "4"},
        ),
        (
            lambda notebook: cell(notebook, "test_execute")["metadata"]["nbgrader"].update(points=0),
            "cell test_execute",
            "check_cell.points",
            {"points": "0", "rubric": "4"},
        ),
        (
            lambda notebook: cell(notebook, "intro").update(source="Solution:\n\n" + solution("handle_event")),
            "cell intro",
            "cell.solution_text",
            ...,
        ),
        (put("intro", "### BEGIN HIDDEN TESTS"), "cell intro", "cell.marker", {"marker": "BEGIN HIDDEN TESTS"}),
        (put("intro", "see /home/teacher/notes"), "cell intro", "cell.personal_path", {"path": "/home/teacher/notes"}),
        (put("intro", "see C:\\Users\\teacher"), "cell intro", "cell.personal_path", {"path": "C:\\Users\\teacher"}),
        (lambda notebook: cell(notebook, "imports").update(execution_count=3), "cell imports", "cell.outputs", {}),
        (
            lambda notebook: cell(notebook, "imports").update(
                outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}]
            ),
            "cell imports",
            "cell.outputs",
            {},
        ),
        (
            put("test_execute", "# course.check('execute')"),
            "cell test_execute",
            "check_cell.no_check",
            {"exercise": "execute"},
        ),
        (
            put("test_execute", "course.check('listen')"),
            "cell test_execute",
            "check_cell.no_check",
            {"exercise": "execute"},
        ),
        (
            lambda notebook: cell(notebook, "imports")["metadata"].update(author="x"),
            "cell imports",
            "cell.metadata",
            {"key": "author"},
        ),
        (
            lambda notebook: cell(notebook, "imports")["metadata"]["nbgrader"].update(author="x"),
            "cell imports",
            "cell.metadata",
            {"key": "author"},
        ),
        (
            lambda notebook: notebook["metadata"].update(authors=["x"]),
            "the notebook",
            "notebook.metadata",
            {"key": "authors"},
        ),
        (
            lambda notebook: notebook["metadata"]["kernelspec"].update(name="x"),
            "the notebook",
            "notebook.metadata",
            {"key": "kernelspec"},
        ),
        (
            lambda notebook: notebook["metadata"].pop("language_info"),
            "the notebook",
            "notebook.metadata",
            {"key": "language_info"},
        ),
        (take_out("imports"), "cell imports", "cell.no_code", {}),
        (
            lambda notebook: notebook["cells"].append(extra_check()),
            "cell test_extra",
            "cell.checked_by_nobody",
            {"points": "3"},
        ),
        (
            lambda notebook: cell(notebook, "imports")["metadata"]["nbgrader"].update(locked=False),
            "cell imports",
            "cell.unlocked",
            {},
        ),
        (
            lambda notebook: cell(notebook, "test_execute")["metadata"]["nbgrader"].update(locked=False),
            "cell test_execute",
            "cell.unlocked",
            {},
        ),
    ],
)
def test_a_fault_is_found(
    change: Change, how: Callable[[dict[str, Any]], object], where: str, code: str, data: dict[str, Any]
) -> None:
    """Where ``data`` is left open, it is text of Python's, or of the solution."""
    faults = change(how)
    found = [fault.data for fault in faults if (fault.where, fault.code) == (where, code)]

    assert len(found) == 1 and data in (..., *found), faults
    assert all(fault.what and fault.remedy for fault in faults)


def test_written_answers_are_told_and_no_fault(course: Course, change: Change) -> None:
    assert points_by_hand(course, assignments.load(NAME)) == ""
    assert change(lambda notebook: notebook["cells"].extend([essay(), task()])) == []
    assert "essay (5), task (2)" in points_by_hand(course, assignments.load(NAME))


@pytest.mark.parametrize("metadata", [{"tags": ["hide-input"]}, {"slideshow": {"slide_type": "slide"}}])
def test_tags_and_slides_are_an_authors_own(change: Change, metadata: dict[str, Any]) -> None:
    assert change(lambda notebook: cell(notebook, "imports")["metadata"].update(metadata)) == []


@pytest.mark.parametrize("call", ["course.check('execute')", 'course.check( "execute" )', 'result = check("execute")'])
def test_a_check_is_known_however_it_is_written(change: Change, call: str) -> None:
    assert change(put("test_execute", call)) == []


def test_a_second_notebook_in_the_source_is_found(course: Course) -> None:
    shutil.copy(course.source(NAME), course.source(NAME).with_name("Untitled.ipynb"))

    (fault,) = other_notebooks(course, assignments.load(NAME))
    assert fault.where == f"source/{NAME}/Untitled.ipynb"
    assert fault.code == "file.second_notebook"


@pytest.mark.parametrize(
    "piece",
    [
        solution("server_handler"),
        "others = [client.name for client in engine.get_clients()\n   if client.name != own_name]",
        'if  event_type ==  EventType.START_RUN:\n    pass\nmessage = (from_shareable( request ).data["message"])',
        "Tip: others = [client.name for client in engine.get_clients() if client.name != own_name]",
        "# Nothing is raised when a message is not taken. Whoever does not read the return codes never learns of it.",
        json.dumps(solution("handle_event")),
    ],
)
def test_a_piece_of_a_solution_in_another_file_is_found_whatever_its_layout(course: Course, piece: str) -> None:
    (course.release(NAME).parent / "notes.txt").write_text(piece, encoding="utf-8")

    faults = faults_of(course.release(NAME), course, assignments.load(NAME))
    assert [fault.where for fault in faults] == ["notes.txt"]


@pytest.mark.parametrize("line", ["return make_reply(ReturnCode.OK)", "engine = fl_ctx.get_engine()"])
def test_what_may_stand_in_any_program_is_no_solution_text(course: Course, line: str) -> None:
    (course.release(NAME).parent / "notes.txt").write_text(line, encoding="utf-8")

    assert faults_of(course.release(NAME), course, assignments.load(NAME)) == []


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (Check("x", "X", 0, lambda played: Finding(False, "", "", "hint")), "check.no_points"),
        (Check("x", "X", 1, lambda played: Finding(False, "", "")), "check.no_hint"),
        (Check("x", "X", 1, lambda played: Finding(True, "", "")), "check.no_evidence"),
    ],
)
def test_a_fault_of_the_rubric_is_found(check: Check, code: str) -> None:
    assignment = assignments.load(NAME)
    broken = replace(assignment.exercises[0], checks=(check,))

    (fault,) = complete.rubric(replace(assignment, exercises=(broken,)))
    assert fault.code == code


@pytest.mark.parametrize(
    "named",
    [
        {"section": "Exercise 1"},
        {"teaches": {concepts.TASK: "The controler"}},
        {"checks": (Check("x", "X", 1, lambda played: Finding(False, "", "", "hint"), Idea("Think.", "Nowhere")),)},
        {"checks": (Check("x", "X", 1, lambda _: Finding(False, "", "", Hint("x", Idea("Think.", "Nowhere")))),)},
    ],
)
def test_a_section_that_is_not_there_is_found(course: Course, named: dict[str, Any]) -> None:
    assignment = assignments.load(NAME)
    wrong = replace(assignment, exercises=(replace(assignment.exercises[0], **named),))

    (fault,) = sections(json.loads(course.release(NAME).read_text(encoding="utf-8")), wrong)
    assert fault.code == "section.missing"
    assert "Sending: send_aux_request" in str(fault.data["there"])


def test_a_section_below_the_exercise_gives_something_away(course: Course) -> None:
    assignment = assignments.load(NAME)
    later = replace(assignment.exercises[0], teaches={concepts.TARGETS: "Experiment: to whom does it go?"})
    wrong = replace(assignment, exercises=(later, *assignment.exercises[1:]))

    (fault,) = sections(json.loads(course.release(NAME).read_text(encoding="utf-8")), wrong)
    assert fault.code == "section.later"


def test_headings_are_read_without_markup_and_without_code() -> None:
    text = ["# A [link](x) and `code` #\n", "```\n", "# a comment\n", "```\n", "#tag\n", "### **Third**\n"]
    cells = [{"cell_type": "markdown", "source": text}, {"cell_type": "code", "source": "# no"}]

    assert headings({"cells": cells}) == ["A link and code", "Third"]


def test_an_exercise_without_checks_is_found() -> None:
    assignment = assignments.load(NAME)
    empty = replace(assignment.exercises[0], checks=())

    assert [f.code for f in complete.rubric(replace(assignment, exercises=(empty,)))] == ["rubric.no_checks"]


def test_the_committed_folder_holds_all_that_a_student_needs() -> None:
    names = {path.name for path in Path(CHECKOUT.release(NAME)).parent.iterdir()}

    assert {f"{NAME}.ipynb", "README.md", "requirements.txt"} <= names
