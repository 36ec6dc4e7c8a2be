"""The command ``replay``: a report's exercise is played again from its seed, or the command says why it cannot be."""

import json
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import assignments
from autograder.cli import main
from autograder.cli.sample_class import copy_course
from autograder.course import Course, CourseError
from autograder.grading import attempts, replay
from autograder.grading.cache_key import content_key
from autograder.grading.grade import versions
from autograder.grading.store import FOLDER, Store
from autograder.release.solution_file import solved_notebook
from autograder.report.model import CheckResult, ExerciseReport, Report, RunSummary, Verdict
from autograder.simulator.network.faults import FaultPlan
from autograder.simulator.run import RunRecord, run
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation, level
from autograder.simulator.scenario import SERVER, Scenario
from autograder.submission.read import read_submission
from tests.tools.course_folder import CHECKOUT, NAME, cell_of, place, released, solved

ASSIGNMENT = assignments.load(NAME)
EXECUTE = ASSIGNMENT.exercise("execute")
SETTINGS = RunSettings(Isolation.NONE)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    course = copy_course(CHECKOUT, tmp_path / "a course")
    shutil.copytree(CHECKOUT.root / "release" / NAME, course.root / "release" / NAME, dirs_exist_ok=True)
    monkeypatch.chdir(course.root)
    return course


def exercise_report(*codes: str, seeds: tuple[int, ...] = (7,)) -> ExerciseReport:
    """An exercise of which each check has a code, and is passed where that is empty."""
    checks = tuple(
        CheckResult(
            f"check-{n}", "", 0 if code else 1, 1, Verdict.NOT_PASSED if code else Verdict.PASSED, "", "x", "", code
        )
        for n, code in enumerate(codes)
    )
    runs = tuple(RunSummary("send", ("site-0",), seed, 1.0, 1, "settled") for seed in seeds)
    return ExerciseReport("execute", "1 Send", "test_execute", Verdict.PASSED, checks, runs)


def report_of(course: Course, student: str, exercise: ExerciseReport) -> Report:
    """Keep a report on what a student has handed in."""
    submission = read_submission(place(course, student).parent, ASSIGNMENT, course)
    key = content_key(submission, ASSIGNMENT, course, SETTINGS)
    isolation = level(SETTINGS.isolation)
    report = Report(NAME, key, Verdict.PASSED, (exercise,), isolation=isolation, versions=versions())
    Store(course.root / FOLDER, NAME).put_student(student, report)
    return report


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["replay", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_a_student_without_a_report(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no report 'ada', neither as a file nor of a student in reports/" in refused(
        capsys, "ada", "execute"
    )


def test_a_file_that_is_no_report(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.root / "x.json").write_text("{}")
    assert "this is not a report" in refused(capsys, "x.json", "execute")


def test_an_exercise_that_the_assignment_has_not(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    nbformat.write(solved(course), place(course, "ada"))
    report_of(course, "ada", exercise_report(""))
    assert "it has: execute, handle_event, server_handler" in refused(capsys, "ada", "exekute")


def test_an_exercise_that_the_report_has_not(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    nbformat.write(solved(course), place(course, "ada"))
    report_of(course, "ada", exercise_report(""))
    assert "the report has no exercise handle_event" in refused(capsys, "ada", "handle_event")


@pytest.mark.parametrize(
    ("seeds", "said"), [((), "execute was not run: x"), ((7, 8), "the runs of execute have several seeds")]
)
def test_an_exercise_without_one_seed(
    course: Course, capsys: pytest.CaptureFixture[str], seeds: tuple[int, ...], said: str
) -> None:
    nbformat.write(solved(course), place(course, "ada"))
    report_of(course, "ada", exercise_report("targets.leave_out", seeds=seeds))
    assert said in refused(capsys, "ada", "execute")


def test_reports_of_several_assignments(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    nbformat.write(solved(course), place(course, "ada"))
    report = report_of(course, "ada", exercise_report(""))
    Store(course.root / FOLDER, "another").put_student("ada", report)
    assert "several assignments: another, p2p_communication" in refused(capsys, "ada", "execute")
    assert "there is no report 'ada'" in refused(capsys, "ada", "execute", "--assignment", "third")


def same(course: Course, student: str, report: Report, settings: RunSettings = SETTINGS) -> str:
    submission = read_submission(place(course, student).parent, ASSIGNMENT, course)
    return replay.why_not_the_same(report, submission, ASSIGNMENT, course, settings)


def test_what_was_graded_has_to_be_what_is_there(course: Course) -> None:
    nbformat.write(solved(course), place(course, "ada"))
    report = report_of(course, "ada", exercise_report(""))
    assert same(course, "ada", report) == ""
    assert "made with nvflare 1.0, and here" in same(
        course, "ada", replace(report, key="", versions={"nvflare": "1.0"})
    )
    assert "another, and here no sandbox." in same(course, "ada", replace(report, key="", isolation="another"))
    nbformat.write(released(course), place(course, "ada"))
    assert "the notebook has changed since" in same(course, "ada", report)
    place(course, "ada").write_text("no notebook")
    assert "is not JSON" in same(course, "ada", report)


def test_a_student_who_is_gone_and_a_report_that_was_moved(course: Course) -> None:
    nbformat.write(solved(course), place(course, "ada"))
    report_of(course, "ada", exercise_report(""))
    shutil.move(course.root / "submitted" / "ada", course.root / "submitted" / "bob")
    from autograder.cli.replay import _submitted
    from autograder.nbgrader_plugin.config import course_app

    with course_app(course) as app:
        assert _submitted(app, NAME, "bob").parent.name == "bob"
        with pytest.raises(CourseError, match=r"Say with --notebook what was graded\."):
            _submitted(app, NAME, "ada")


def test_checks_points_and_hints_are_compared() -> None:
    before = exercise_report("", "targets.leave_out")
    assert list(replay.differences(before, before)) == []
    assert list(replay.differences(before, exercise_report("", "result.none"))) == [
        "check-1 was not passed, 0 of 1 point (targets.leave_out) and is now not passed, 0 of 1 point (result.none)"
    ]
    assert list(replay.differences(before, exercise_report("", "", ""))) == [
        "check-1 was not passed, 0 of 1 point (targets.leave_out) and is now passed, 1 of 1 point",
        "check-2 was not there and is now passed, 1 of 1 point",
    ]


@pytest.mark.simulator
@pytest.mark.slow
def test_the_same_comes_out_and_is_shown_and_other_points_are_told(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = solved(course)
    cell_of(notebook, "execute").source = cell_of(released(course), "execute").source
    cell_of(notebook, "server_handler").source = cell_of(released(course), "server_handler").source
    handler = cell_of(notebook, "handle_event")
    handler.source = handler.source.replace("ReturnCode.OK", "ReturnCode.ERROR")
    nbformat.write(notebook, place(course, "ada"))
    assert main(["grade", NAME, "--no-feedback"]) == 0
    path = Store(course.root / FOLDER, NAME).student_path("ada")
    report = path.read_text()
    kept = json.loads(report)["exercises"][1]
    capsys.readouterr()

    assert main(["replay", "ada", "handle_event"]) == 0
    said = capsys.readouterr().out
    assert f"from seed {kept['runs'][0]['seed']}." in said
    assert "Judged with a stand-in in place of your `execute`" in said
    assert "Who received what from whom" in said
    assert "The same as in the report: 3 of 4 points" in said
    assert path.read_text() == report

    assert "execute was not run" in refused(capsys, "ada", "execute")

    moved = course.root / "elsewhere.json"
    moved.write_text(report.replace('"code": "reply.', '"code": "other.'))
    assert "Say with --notebook" in refused(capsys, str(moved), "handle_event")
    assert main(["replay", str(moved), "handle_event", "--notebook", str(place(course, "ada"))]) == 1
    assert "Not the same as in the report:\n  replies_ok was not passed" in capsys.readouterr().out

    nbformat.write(solved(course), place(course, "ada"))
    assert "the notebook has changed since" in refused(capsys, "ada", "handle_event")


@pytest.mark.simulator
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "sample", "exercise"),
    [
        ("reliable_messaging", "deliver_sends_once", "deliver"),
        ("average_consensus", "exchange_equal_weights", "exchange"),
    ],
)
def test_the_same_faults_and_the_same_numbers_come_again(
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    sample: str,
    exercise: str,
) -> None:
    shutil.copytree(CHECKOUT.root / "release" / name, course.root / "release" / name, dirs_exist_ok=True)
    file = CHECKOUT.root / "samples" / name / "mistakes" / sample / "submission.py"
    nbformat.write(solved_notebook(course, name, file), place(course, "ada", name))
    played: list[Scenario] = []

    def noting(scenario: Scenario, **more: Any) -> AbstractContextManager[RunRecord]:
        played.append(scenario)
        return run(scenario, **more)

    monkeypatch.setattr(attempts, "run", noting)
    assert main(["grade", name, "--no-feedback"]) == 0
    graded, before = drawn(played), len(played)
    capsys.readouterr()
    assert main(["replay", "ada", exercise]) == 0
    assert "The same as in the report: 2 of 4 points" in capsys.readouterr().out

    again = drawn(played[before:])
    assert again and again == {one: graded[one] for one in again}
    assert name != "reliable_messaging" or any(faults.faults for faults, _ in again.values())


def drawn(played: list[Scenario]) -> dict[str, tuple[FaultPlan, list[Mapping[str, Any]]]]:
    """What is drawn for each scenario: its faults, and the numbers and texts that the parties are given."""
    return {
        one.name: (one.faults, [one.part_of(party).arguments for party in (SERVER, *sorted(one.executors))])
        for one in played
    }
