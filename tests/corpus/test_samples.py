"""The sample submissions: what they promise is sound, and grading keeps it.

Every sample is graded as a whole. Results of exercises are kept by content during a test run, as they are when a class
is graded, so the many exercises that are the model answer's are played once.
"""

import ast
import functools
import os
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, samples
from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from autograder.report.model import CheckResult, ExerciseReport, Verdict
from autograder.samples import CORRECT, MISTAKE, Sample
from autograder.submission.model import Cell
from autograder.submission.percent import read_parts
from autograder.submission.read import from_notebook
from tests.tools.course_folder import CHECKOUT

NAME = "p2p_communication"
ASSIGNMENT = assignments.load(NAME)
SAMPLES = samples.load_all(CHECKOUT.samples(NAME))
BROKEN_ON_PURPOSE = {"execute_syntax_error", "handler_syntax_error"}


def of_kind(kind: str) -> list[Sample]:
    return [sample for sample in SAMPLES if sample.kind == kind]


def notebook(sample: Sample) -> nbformat.NotebookNode:
    return samples.notebook(sample, release(), reference())


@functools.cache
def release() -> nbformat.NotebookNode:
    return nbformat.read(CHECKOUT.release(NAME), as_version=4)


@functools.cache
def reference() -> list[Cell]:
    return read_parts((CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))


def ids(sample: Sample) -> str:
    return f"{sample.kind}-{sample.name}"


def test_none_got_lost() -> None:
    folders = [path for kind in (CORRECT, MISTAKE) for path in (CHECKOUT.samples(NAME) / kind).iterdir()]
    assert sorted(path.name for path in folders) == sorted(sample.name for sample in SAMPLES)
    assert (len(of_kind(CORRECT)), len(of_kind(MISTAKE))) == (14, 84), "was a sample added? Then write the number here"


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(sample.name for sample in SAMPLES).items() if count > 1] == []


def test_no_two_samples_are_about_the_same() -> None:
    assert [about for about, count in Counter(sample.about for sample in SAMPLES).items() if count > 1] == []


def test_every_check_is_the_first_reason_for_losing_points_in_some_sample() -> None:
    checks = {(exercise.name, check.name) for exercise in ASSIGNMENT.exercises for check in exercise.checks}
    reasons = {(exercise, failed[0]) for sample in SAMPLES for exercise, failed in sample.failed.items()}
    assert checks - reasons == set()


def test_every_exercise_has_many_mistakes() -> None:
    mistakes = Counter(exercise for sample in SAMPLES for exercise in sample.failed)
    assert all(mistakes[exercise.name] >= 10 for exercise in ASSIGNMENT.exercises)


@pytest.mark.parametrize("sample", SAMPLES, ids=ids)
def test_points_are_those_of_the_checks_that_pass(sample: Sample) -> None:
    assert list(sample.points) == [exercise.name for exercise in ASSIGNMENT.exercises]
    assert bool(sample.failed) == (sample.kind == MISTAKE)
    for exercise in ASSIGNMENT.exercises:
        failed = sample.failed.get(exercise.name, ())
        names = [check.name for check in exercise.checks]
        assert list(failed) == [name for name in names if name in failed], "unknown, or not in the rubric's order"
        earned = sum(check.points for check in exercise.checks if check.name not in failed)
        assert sample.points[exercise.name] == earned


@pytest.mark.parametrize("sample", SAMPLES, ids=ids)
def test_it_becomes_a_notebook_with_every_cell_it_gives(sample: Sample) -> None:
    sources = [cell.source for cell in notebook(sample).cells if cell.cell_type == "code"]
    parts = read_parts(sample.text)
    assert parts or sample.untouched or sample.order or sample.name == "untouched_release"
    for part in parts:
        assert part.source in sources
        if sample.name not in BROKEN_ON_PURPOSE:
            ast.parse(part.source)


@pytest.mark.parametrize("name", sorted(BROKEN_ON_PURPOSE))
def test_a_syntax_error_is_one(name: str) -> None:
    sample = next(sample for sample in SAMPLES if sample.name == name)
    with pytest.raises(SyntaxError):
        for part in read_parts(sample.text):
            ast.parse(part.source)


def test_the_stub_stays_where_it_is_to_stay() -> None:
    for sample in SAMPLES:
        stubs = set(sample.untouched) if sample.based_on == "reference" else set(sample.points)
        submission = from_notebook(notebook(sample), ASSIGNMENT)
        for exercise in ASSIGNMENT.exercises:
            (source,) = [cell.source for cell in submission.cells if cell.grade_id == exercise.name]
            assert ("# YOUR CODE HERE" in source) == (exercise.name in stubs), sample.name


def described(folder: Path, text: str, kind: str = MISTAKE) -> Path:
    """A folder of samples with one in it."""
    sample = folder / kind / "a_sample"
    sample.mkdir(parents=True)
    (sample / "expected.toml").write_text(text, encoding="utf-8")
    (sample / "submission.py").write_text("", encoding="utf-8")
    return folder


SOUND = {
    "about": '"nothing is sent"',
    "points": "{ execute = 0 }",
    "failed": "{ execute = ['message'] }",
    "hint": "{ execute = 'targets.leave_out' }",
}


def toml(**changed: str | None) -> str:
    return "\n".join(f"{key} = {value}" for key, value in {**SOUND, **changed}.items() if value is not None)


def test_a_sound_description_is_read(tmp_path: Path) -> None:
    (sample,) = samples.load_all(described(tmp_path, toml()))
    assert (sample.points, sample.failed, sample.hints) == (
        {"execute": 0},
        {"execute": ("message",)},
        {"execute": "targets.leave_out"},
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"flag": '"forged"'},
        {"hints": "{ execute = 'targets.leave_out' }"},
        {"about": None},
        {"points": None},
        {"based_on": '"nothing"'},
        {"failed": None},
        {"hint": None},
        {"failed": "{ execute = [] }"},
        {"hint": "{ execute = '' }"},
        {"hint": "{ execute = 'targets', handle_event = 'register' }"},
        {"points": "{ handle_event = 0 }"},
    ],
    ids=str,
)
def test_a_promise_that_nobody_reads_or_that_is_always_kept_is_refused(
    changed: dict[str, str | None], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"a_sample/expected\.toml"):
        samples.load_all(described(tmp_path, toml(**changed)))


def test_a_sample_that_would_be_passed_over_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mistake, where samples are in correct and mistakes"):
        samples.load_all(described(tmp_path / "one", toml(), kind="mistake"))
    folder = described(tmp_path / "two", toml())
    (folder / MISTAKE / "a_sample" / "expected.toml").rename(folder / MISTAKE / "a_sample" / "expect.toml")
    with pytest.raises(FileNotFoundError):
        samples.load_all(folder)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Results of exercises, shared by all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    return Store((base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "results", NAME)


@pytest.mark.simulator
@pytest.mark.parametrize("sample", SAMPLES, ids=ids)
def test_it_gets_exactly_what_it_must_get(sample: Sample, results: Store) -> None:
    report = grade_submission(from_notebook(notebook(sample), ASSIGNMENT), ASSIGNMENT, CHECKOUT, results=results)
    told = "\n".join(line(check) for exercise in report.exercises for check in exercise.checks)
    names = [exercise.name for exercise in ASSIGNMENT.exercises]
    assert Verdict.INFRASTRUCTURE not in {exercise.verdict for exercise in report.exercises}, told
    assert {exercise.name: not_passed(exercise) for exercise in report.exercises} == {
        name: list(sample.failed.get(name, ())) for name in names
    }, told
    assert {exercise.name: exercise.points for exercise in report.exercises} == sample.points
    assert {exercise.name: exercise.code for exercise in report.exercises if exercise.code} == sample.hints, told


def not_passed(exercise: ExerciseReport) -> list[str]:
    return [check.name for check in exercise.checks if check.verdict is not Verdict.PASSED]


def line(check: CheckResult) -> str:
    said = f"{check.verdict}, {check.points}/{check.max_points}; seen: {check.seen}; hint: {check.code}, {check.hint}"
    return f"{check.name}: {said}"
