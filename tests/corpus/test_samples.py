"""The sample submissions: what they promise is sound, and grading keeps it. Every sample is graded as a whole."""

import ast
import functools
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, samples
from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from autograder.report.model import CheckResult, ExerciseReport, Verdict
from autograder.samples import CORRECT, MISTAKE, Sample
from autograder.simulator.sandbox_pool import SandboxPool
from autograder.submission.percent import Part, Place, read_parts
from autograder.submission.read import from_notebook
from tests.tools.course_folder import CHECKOUT

ASSIGNMENTS = {name: assignments.load(name) for name in assignments.LADDER}
SAMPLES_OF = {name: samples.load_all(CHECKOUT.samples(name)) for name in ASSIGNMENTS}
SAMPLES = [(name, sample) for name, found in SAMPLES_OF.items() for sample in found]
HOW_MANY = {"p2p_communication": (14, 84), "reliable_messaging": (14, 72), "average_consensus": (11, 56)}
"""Of each assignment, how many are right and how many are mistakes: was one added? Then write the number here."""
BROKEN_ON_PURPOSE = {"execute_syntax_error", "handler_syntax_error"}


every_assignment = pytest.mark.parametrize("name", ASSIGNMENTS)
every_sample = pytest.mark.parametrize(
    ("name", "sample"), SAMPLES, ids=[f"{name}-{sample.kind}-{sample.name}" for name, sample in SAMPLES]
)


def of_kind(name: str, kind: str) -> list[Sample]:
    return [sample for sample in SAMPLES_OF[name] if sample.kind == kind]


def notebook(name: str, sample: Sample) -> nbformat.NotebookNode:
    return samples.notebook(sample, release(name), reference(name))


@functools.cache
def release(name: str) -> nbformat.NotebookNode:
    return nbformat.read(CHECKOUT.release(name), as_version=4)


@functools.cache
def reference(name: str) -> list[Part]:
    return read_parts((CHECKOUT.solutions(name) / f"{name}.py").read_text(encoding="utf-8"))


@every_assignment
def test_none_got_lost(name: str) -> None:
    folders = [path for kind in (CORRECT, MISTAKE) for path in (CHECKOUT.samples(name) / kind).iterdir()]
    assert sorted(path.name for path in folders) == sorted(sample.name for sample in SAMPLES_OF[name])
    assert (len(of_kind(name, CORRECT)), len(of_kind(name, MISTAKE))) == HOW_MANY[name]


@every_assignment
def test_names_are_unique(name: str) -> None:
    names = Counter(sample.name for sample in SAMPLES_OF[name])
    assert [one for one, count in names.items() if count > 1] == []


@every_assignment
def test_no_two_samples_are_about_the_same(name: str) -> None:
    assert [about for about, count in Counter(one.about for one in SAMPLES_OF[name]).items() if count > 1] == []


@every_assignment
def test_every_check_is_the_first_reason_for_losing_points_in_some_sample(name: str) -> None:
    checks = {(exercise.name, check.name) for exercise in ASSIGNMENTS[name].exercises for check in exercise.checks}
    reasons = {(exercise, failed[0]) for sample in SAMPLES_OF[name] for exercise, failed in sample.failed.items()}
    assert checks - reasons == set()


@every_assignment
def test_every_exercise_has_many_mistakes(name: str) -> None:
    mistakes = Counter(exercise for sample in SAMPLES_OF[name] for exercise in sample.failed)
    assert all(mistakes[exercise.name] >= 10 for exercise in ASSIGNMENTS[name].exercises)


@every_sample
def test_points_are_those_of_the_checks_that_pass(name: str, sample: Sample) -> None:
    assert list(sample.points) == [exercise.name for exercise in ASSIGNMENTS[name].exercises]
    assert bool(sample.failed) == (sample.kind == MISTAKE)
    for exercise in ASSIGNMENTS[name].exercises:
        failed = sample.failed.get(exercise.name, ())
        names = [check.name for check in exercise.checks]
        assert list(failed) == [check for check in names if check in failed], "unknown, or not in the rubric's order"
        earned = sum(check.points for check in exercise.checks if check.name not in failed)
        assert sample.points[exercise.name] == earned


@every_sample
def test_it_becomes_a_notebook_with_every_cell_it_gives(name: str, sample: Sample) -> None:
    sources = [cell.source for cell in notebook(name, sample).cells if cell.cell_type == "code"]
    parts = read_parts(sample.text)
    assert parts or sample.untouched or sample.order or sample.name == "untouched_release"
    for part in parts:
        if part.place is Place.IN:
            lines = [line.strip() for source in sources for line in source.splitlines()]
            assert {line.strip() for line in part.source.splitlines()} <= set(lines)
        else:
            assert part.source in sources
        if sample.name not in BROKEN_ON_PURPOSE:
            ast.parse(part.source)


@pytest.mark.parametrize("name", sorted(BROKEN_ON_PURPOSE))
def test_a_syntax_error_is_one(name: str) -> None:
    sample = next(sample for _, sample in SAMPLES if sample.name == name)
    with pytest.raises(SyntaxError):
        for part in read_parts(sample.text):
            ast.parse(part.source)


def test_the_stub_stays_where_it_is_to_stay() -> None:
    for name, sample in SAMPLES:
        assignment = ASSIGNMENTS[name]
        stubs = set(sample.untouched) if sample.based_on == "reference" else set(sample.points)
        submission = from_notebook(notebook(name, sample), assignment)
        for exercise in assignment.exercises:
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


@pytest.mark.simulator
@pytest.mark.sampled(18)
@every_sample
def test_it_gets_exactly_what_it_must_get(
    name: str, sample: Sample, results: dict[str, Store], sandboxes: SandboxPool
) -> None:
    assignment = ASSIGNMENTS[name]
    submission = from_notebook(notebook(name, sample), assignment)
    report = grade_submission(submission, assignment, CHECKOUT, results=results[name], sandboxes=sandboxes)
    told = "\n".join(line(check) for exercise in report.exercises for check in exercise.checks)
    names = [exercise.name for exercise in assignment.exercises]
    assert Verdict.INFRASTRUCTURE not in {exercise.verdict for exercise in report.exercises}, told
    assert {exercise.name: not_passed(exercise) for exercise in report.exercises} == {
        one: list(sample.failed.get(one, ())) for one in names
    }, told
    assert {exercise.name: exercise.points for exercise in report.exercises} == sample.points
    assert {exercise.name: exercise.code for exercise in report.exercises if exercise.code} == sample.hints, told


def not_passed(exercise: ExerciseReport) -> list[str]:
    return [check.name for check in exercise.checks if check.verdict is not Verdict.PASSED]


def line(check: CheckResult) -> str:
    said = f"{check.verdict}, {check.points}/{check.max_points}; seen: {check.seen}; hint: {check.code}, {check.hint}"
    return f"{check.name}: {said}"
