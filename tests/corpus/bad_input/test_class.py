"""A class in which nearly everybody hands in something odd: each gets its message, and all others are graded."""

import csv
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.grading.store import FOLDER, Store
from autograder.nbgrader_plugin.attachments import MISSING
from autograder.report.model import Report, Verdict
from tests.corpus.bad_input.inputs import INPUTS, UNUSUAL_IDS
from tests.services.conftest import CourseAt
from tests.tools.course_folder import NAME, PATIENCE, place, solved
from tests.tools.sampling import played

pytestmark = [pytest.mark.simulator, pytest.mark.slow]

UNNOTED = ("solved", "utf_8_with_mark", "utf_16", "utf_32", "windows_lines", "outputs_of_60_mb", "environment_beside")
SAME_WORK = (*UNNOTED, "metadata_gone", "name_as_text", "picture_missing")
ALWAYS = {*SAME_WORK, "check_deleted", "outputs_claimed", "empty_folder", "no_such_package"}
"""Inputs about which there are tests of their own."""


@dataclass(frozen=True)
class GradedClass:
    """What is left of grading the class with ``autograder grade``."""

    course: Course
    students: frozenset[str]
    output: str
    trouble: str
    status: int

    def report(self, student: str) -> Report:
        report = Store(self.course.root / FOLDER, NAME).of_student(student)
        assert report is not None, f"there is no report of {student}"
        return report

    def score(self, student: str) -> float | None:
        """What the gradebook says: None when no check cell has a score."""
        with Gradebook(f"sqlite:///{self.course.root}/gradebook.db") as gradebook:
            submission = gradebook.find_submission(NAME, student)
            scores = [grade.auto_score for notebook in submission.notebooks for grade in notebook.grades]
        assert len(scores) == 3
        return None if None in scores else sum(scores)

    def page(self, student: str) -> Path:
        return self.course.root / "feedback" / student / NAME / f"{NAME}.html"


def grade(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", "grade", NAME, "--jobs", "4", *arguments]
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture(scope="module")
def graded(
    request: pytest.FixtureRequest, course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory
) -> GradedClass:
    course = course_at(tmp_path_factory.mktemp("a class") / "the course")
    inputs = ALWAYS.union(played(request.session, test_every_bad_input_gets_what_it_must.__name__, "student"))
    unusual = played(request.session, test_students_with_unusual_ids_are_graded.__name__, "student")
    for student in inputs:
        INPUTS[student].make(place(course, student), solved(course))
    for student in unusual:
        shutil.copy(course.release(NAME), place(course, student))
    done = grade(course)
    return GradedClass(course, frozenset(inputs.union(unusual)), done.stdout, done.stderr, done.returncode)


def line_of(graded: GradedClass, student: str) -> str:
    return next(line for line in graded.output.splitlines() if line.startswith(f"{student} "))


@pytest.mark.sampled(8)
@pytest.mark.parametrize("student", INPUTS)
def test_every_bad_input_gets_what_it_must(graded: GradedClass, student: str) -> None:
    bad, report = INPUTS[student], graded.report(student)
    told = {problem.code for problem in report.problems} | {one.code for one in report.exercises if one.code}
    assert report.verdict == bad.verdict, told
    assert bad.code in told if bad.code else not told, told
    assert tuple(exercise.points for exercise in report.exercises) == (bad.points or (0, 0, 0)), told
    if bad.points is None:
        assert graded.score(student) is None
        assert not graded.page(student).exists()
        assert "cannot be graded" in line_of(graded, student)
        assert report.problems[0].message[:60] in line_of(graded, student)
    else:
        assert graded.score(student) == report.points
        assert graded.page(student).is_file()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("student", UNUSUAL_IDS)
def test_students_with_unusual_ids_are_graded(graded: GradedClass, student: str) -> None:
    """They hand in the untouched release, which gets nothing."""
    report = graded.report(student)
    assert report.verdict is Verdict.NOT_PASSED
    assert report.points == 0
    assert graded.score(student) == 0
    assert {exercise.reason for exercise in report.exercises} == {"This exercise is waiting for your code."}
    assert not any(exercise.runs for exercise in report.exercises), "a stub that nobody touched needs no run"
    assert graded.page(student).is_file()


def test_a_problem_is_told_on_the_feedback_page(graded: GradedClass) -> None:
    page = unescape(graded.page("check_deleted").read_text(encoding="utf-8"))
    assert "The check cell <code>test_handle_event</code> was deleted." in page


@pytest.mark.parametrize("student", UNNOTED)
def test_what_no_tool_and_nobody_has_changed_is_not_noted(graded: GradedClass, student: str) -> None:
    assert graded.report(student).problems == ()


def test_equal_work_is_graded_once_however_it_was_saved(graded: GradedClass) -> None:
    keys = {graded.report(student).key for student in SAME_WORK}
    assert len(keys) == 1


def test_a_picture_that_is_missing_is_shown_as_missing(graded: GradedClass) -> None:
    page = graded.page("picture_missing").read_text(encoding="utf-8")
    assert 'alt="my sketch"' in page and MISSING["image/svg+xml"] in page


def test_nothing_of_what_is_beside_the_notebook_is_copied(graded: GradedClass) -> None:
    for step in ("autograded", "feedback"):
        folder = graded.course.root / step / "environment_beside" / NAME
        assert not (folder / ".venv").exists()
        assert (folder / "timestamp.txt").is_file()


def test_outputs_that_a_student_wrote_are_gone(graded: GradedClass) -> None:
    notebook = (graded.course.root / "autograded" / "outputs_claimed" / NAME / f"{NAME}.ipynb").read_text()
    assert '"4.0"' in notebook, "the other two exercises are right"
    assert notebook.count('"output_type": "execute_result"') == 3
    assert '"0.0"' in notebook


def test_nobody_is_left_out(graded: GradedClass) -> None:
    with (graded.course.root / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["student"].removeprefix("'"): row for row in csv.DictReader(file)}
    with (graded.course.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        scores = {row["student_id"].removeprefix("'"): row["score"] for row in csv.DictReader(file)}
    assert told.keys() == scores.keys() == graded.students
    assert told["empty_folder"]["points"] == scores["empty_folder"] == ""
    assert told["solved"]["points"] == scores["solved"] == "12.0"
    assert float(told["no_such_package"]["execute.every_other_client"]) == 0
    looked_at = [student for student, row in told.items() if row["points"] == "" or row["flags"]]
    assert {student for student in graded.students & INPUTS.keys() if INPUTS[student].points is None} <= set(looked_at)
    assert f"{len(looked_at)} for you to look at" in graded.output


def test_the_status_asks_for_a_person_and_nothing_broke(graded: GradedClass) -> None:
    assert graded.status == 1
    assert "Traceback" not in graded.output + graded.trouble


def test_the_second_time_there_is_nothing_to_do_but_to_look_again(graded: GradedClass) -> None:
    page = graded.page("solved").stat().st_mtime_ns
    done = grade(graded.course)
    assert done.returncode == 1
    assert done.stdout == graded.output
    assert graded.page("solved").stat().st_mtime_ns == page
    assert "solved" not in done.stderr
