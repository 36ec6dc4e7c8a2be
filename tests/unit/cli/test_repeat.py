"""The command ``repeat``: its exit status follows from what every single grading earned."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import assignments
from autograder.cli import main
from autograder.cli.expected_points import ExpectedPoints
from autograder.report.model import CheckResult, ExerciseReport, Report, Verdict

NAME = "p2p_communication"
ASSIGNMENT = assignments.load(NAME)
FIRST, SECOND, THIRD = (exercise.name for exercise in ASSIGNMENT.exercises)


def exercise_report(name: str, failed: int, hint: str) -> ExerciseReport:
    """An exercise of which the first ``failed`` checks are not passed."""
    exercise = ASSIGNMENT.exercise(name)
    checks = tuple(
        CheckResult(check.name, check.name, 0, check.points, Verdict.NOT_PASSED, "", "nothing", hint)
        if number < failed
        else CheckResult(check.name, check.name, check.points, check.points, Verdict.PASSED, "", "")
        for number, check in enumerate(exercise.checks)
    )
    verdict = Verdict.NOT_PASSED if failed else Verdict.PASSED
    return ExerciseReport(name, exercise.title, exercise.check_cell, verdict, checks)


def report(*failed: int, hint: str = "Look at the targets.") -> Report:
    """A report with so many failed checks in each exercise."""
    found = tuple(
        exercise_report(one.name, number, hint) for one, number in zip(ASSIGNMENT.exercises, failed, strict=True)
    )
    return Report(NAME, "key", Verdict.NOT_PASSED if any(failed) else Verdict.PASSED, found)


FULL, NONE = report(0, 0, 0), report(9, 9, 9)
BROKEN = replace(
    NONE,
    verdict=Verdict.INFRASTRUCTURE,
    exercises=tuple(replace(one, verdict=Verdict.INFRASTRUCTURE) for one in NONE.exercises),
)


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Report], list[str]], int]:
    """Carry out the command where the gradings come to these reports, one after another."""
    monkeypatch.chdir(Path(__file__).parents[3])

    def repeat(reports: list[Report], arguments: list[str]) -> int:
        left = iter(reports)
        monkeypatch.setattr("autograder.grading.grade.grade_submission", lambda *_args, **_options: next(left))
        status = main(["repeat", NAME, "--times", str(len(reports) or 1), "--jobs", "1", *arguments])
        assert next(left, None) is None, "a report was left over"
        return status

    return repeat


@pytest.mark.parametrize(
    ("reports", "arguments", "status"),
    [
        ([FULL], [], 0),
        ([FULL, FULL], [], 0),
        ([NONE, NONE], [], 1),
        ([FULL, report(0, 0, 1)], [], 1),
        ([BROKEN, BROKEN], [], 1),
        ([NONE, NONE], ["--expect", "0"], 0),
        ([BROKEN, BROKEN], ["--expect", "0"], 1),
        ([FULL, NONE], ["--expect", "0"], 1),
        ([FULL, FULL], ["--expect", "12"], 0),
        ([FULL, FULL], ["--expect", "8"], 1),
        ([report(0, 0, 9), report(9, 0, 0)], ["--expect", "8"], 0),
        ([report(0, 0, 9), report(9, 0, 0)], ["--expect", f"{FIRST}=4", f"{THIRD}=0"], 1),
        ([report(0, 2, 0)], ["--expect", f"{SECOND}=2"], 0),
        ([report(0, 2, 1)], ["--expect", f"{SECOND}=2"], 1),
        ([report(0, 2, 9)], ["--expect", f"{SECOND}=2", f"{THIRD}=0"], 0),
        ([report(0, 2, 9)], ["--expect", f"{FIRST}=4", f"{SECOND}=2"], 1),
    ],
)
def test_the_status_says_whether_every_grading_has_what_is_expected(
    reports: list[Report], arguments: list[str], status: int, graded: Callable[[list[Report], list[str]], int]
) -> None:
    assert graded(reports, arguments) == status


@pytest.mark.parametrize("arguments", [[], ["--expect", "8"], ["--expect", "0"]])
def test_checks_that_are_not_passed_are_told_once_with_their_hints_and_counts(
    arguments: list[str], graded: Callable[[list[Report], list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    other = report(1, 0, 0, hint="site-2\x1b[31m\ngot nothing.")
    graded([FULL, report(1, 0, 0), report(1, 0, 0), other], arguments)
    said = capsys.readouterr().out
    check = ASSIGNMENT.exercise(FIRST).checks[0].name

    assert (
        f"\n{FIRST}, {check} was not passed in 3 of 4 gradings:\n  2 x Look at the targets.\n  1 x site-2\\x1b[31m\\n"
        in said
    )
    assert said.count("was not passed") == 1
    assert said.count("Look at the targets.") == 1


def test_of_many_hints_the_most_common_are_told(
    graded: Callable[[list[Report], list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    graded([report(1, 0, 0, hint=f"hint {number}") for number in range(9)], [])

    assert capsys.readouterr().out.count("  1 x hint ") == 5


def test_what_was_seen_is_told_where_there_is_no_hint(
    graded: Callable[[list[Report], list[str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    graded([report(1, 0, 0, hint="")], [])

    assert "  1 x nothing\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--expect", "13"], "points from 0 to 12"),
        (["--expect", "-1"], "points from 0 to 12"),
        (["--expect", "nan"], "points from 0 to 12"),
        (["--expect", "all"], "points from 0 to 12"),
        (["--expect", f"{FIRST}=5"], "points from 0 to 4"),
        (["--expect", f"{FIRST}="], "points from 0 to 4"),
        (["--expect", "4", "2"], f"{FIRST}=POINTS, {SECOND}=POINTS"),
        (["--expect", "exercise=4"], f"{FIRST}=POINTS, {SECOND}=POINTS"),
        (["--expect", f"{FIRST}=4", f"{FIRST}=4"], f"names {FIRST} twice"),
    ],
)
def test_an_expectation_that_no_grading_could_meet(
    arguments: list[str],
    said: str,
    graded: Callable[[list[Report], list[str]], int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert graded([], arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["--times", "0"], ["--times", "-1"], ["--jobs", "0"], ["--parts", "x.py", "--released"], ["--expect"]],
)
def test_arguments_that_would_grade_nothing_or_something_else(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["repeat", NAME, *arguments])
    assert ended.value.code == 2
    assert "usage: autograder repeat" in capsys.readouterr().err


def test_the_untouched_release_for_real(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(Path(__file__).parents[3])
    arguments = ["repeat", NAME, "--times", "2", "--jobs", "1", "--released"]

    assert main(arguments) == 1
    assert "0 of 2 gradings have what is expected of each: full marks." in capsys.readouterr().out
    assert main([*arguments, "--expect", "0"]) == 0
    assert "2 of 2 gradings have what is expected of each: 0 points." in capsys.readouterr().out


@pytest.mark.parametrize(
    "unfinished", [replace(FULL, exercises=()), replace(FULL, exercises=FULL.exercises[:1]), BROKEN]
)
@pytest.mark.parametrize("words", [[], ["0"], ["12"], [f"{THIRD}=4"]])
def test_a_report_without_all_exercises_or_without_a_verdict_meets_nothing(
    unfinished: Report, words: list[str]
) -> None:
    assert not ExpectedPoints.read(words, ASSIGNMENT).met_by(unfinished)


def test_ctrl_c_waits_for_the_gradings_under_way_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[3])
    begun: list[int] = []
    is_over = threading.Event()
    shut_down = ThreadPoolExecutor.shutdown

    def grade(*_arguments: object, **_options: object) -> Report:
        begun.append(len(begun))
        if len(begun) == 1:
            raise KeyboardInterrupt
        is_over.wait()
        return FULL

    def tell(pool: ThreadPoolExecutor, wait: bool = True, *, cancel_futures: bool = False) -> None:
        shut_down(pool, wait=False, cancel_futures=cancel_futures)
        is_over.set()
        shut_down(pool, wait=wait)

    monkeypatch.setattr("autograder.grading.grade.grade_submission", grade)
    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", tell)
    assert main(["repeat", NAME, "--times", "10", "--jobs", "1"]) == 130
    assert len(begun) <= 2
