"""The attacks on the second and the third assignment gain nothing."""

import os
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, samples
from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from autograder.report.model import Verdict
from autograder.samples import Sample
from autograder.submission.percent import read_parts
from autograder.submission.read import from_notebook
from tests.tools import needs
from tests.tools.course_folder import CHECKOUT

FOLDER = Path(__file__).parent
ATTACKS = [
    (name, attack) for name in ("reliable_messaging", "average_consensus") for attack in samples.load_all(FOLDER / name)
]


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where results of exercises are kept that all processes of a test run share."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "results"


@pytest.mark.simulator
@needs.SANDBOX
@pytest.mark.sampled(2)
@pytest.mark.parametrize(("name", "attack"), ATTACKS, ids=[attack.name for _, attack in ATTACKS])
def test_it_gets_what_its_work_is_worth(name: str, attack: Sample, results: Path) -> None:
    assignment = assignments.load(name)
    release = nbformat.read(CHECKOUT.release(name), as_version=4)
    answers = read_parts((CHECKOUT.solutions(name) / f"{name}.py").read_text(encoding="utf-8"))
    submission = from_notebook(samples.notebook(attack, release, answers), assignment)
    report = grade_submission(submission, assignment, CHECKOUT, results=Store(results, name))

    got = {
        one.name: [check.name for check in one.checks if check.verdict is not Verdict.PASSED]
        for one in report.exercises
    }
    assert got == {one: list(attack.failed.get(one, ())) for one in got}
    assert {one.name: one.code for one in report.exercises if one.code} == attack.hints
    assert report.points == sum(attack.points.values())
