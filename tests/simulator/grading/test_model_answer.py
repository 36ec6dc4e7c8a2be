"""The model answer gets full marks, and the untouched release none, through the commands that instructors use."""

from pathlib import Path

import nbformat
import pytest

from autograder import assignments
from autograder.cli import main
from autograder.grading.grade import grade_submission
from autograder.report.model import Report, Verdict
from autograder.submission.read import read_submission
from tests.tools.course_folder import CHECKOUT

NAME = "p2p_communication"


def grade(path: Path, *, seed: int | None = None) -> Report:
    assignment = assignments.load(NAME)
    return grade_submission(read_submission(path, assignment, CHECKOUT), assignment, CHECKOUT, seed=seed)


@pytest.fixture
def solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The released notebook with the model answer in it."""
    monkeypatch.chdir(CHECKOUT.root)
    path = tmp_path / f"{NAME}.ipynb"
    assert main(["solve", NAME, "-o", str(path)]) == 0
    nbformat.validate(nbformat.read(path, as_version=4))
    return path


@pytest.mark.simulator
def test_the_model_answer_gets_full_marks(solved: Path) -> None:
    report = grade(solved)

    assert (report.verdict, report.points, report.max_points) == (Verdict.PASSED, 12, 12)


@pytest.mark.simulator
def test_a_seed_decides_who_is_where(solved: Path) -> None:
    first, second = ([run.students for e in grade(solved, seed=7).exercises for run in e.runs] for _ in range(2))

    assert first == second


def test_the_untouched_release_gets_nothing() -> None:
    report = grade(CHECKOUT.release(NAME))

    assert (report.verdict, report.points) == (Verdict.NOT_PASSED, 0)
    assert {check.code for exercise in report.exercises for check in exercise.checks} == {"exercise.untouched"}


@pytest.mark.simulator
def test_repeating_counts_what_comes_out(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT.root)

    assert main(["repeat", NAME, "--times", "2", "--jobs", "2"]) == 0
    assert "2 x 12 of 12, passed" in capsys.readouterr().out
    assert main(["repeat", NAME, "--times", "3", "--released", "--expect", "0"]) == 0
    assert "3 x 0 of 12, not passed" in capsys.readouterr().out
