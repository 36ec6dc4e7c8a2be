"""Each of the five assignments: its model answer, its stub, its mistakes, and the picture of a right answer."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder import samples
from autograder.assignments import load_in
from autograder.cli import main
from autograder.course import Course
from autograder.grading.grade import grade_submission
from autograder.grading.self_check import run_own
from autograder.release.complete import check_cells, given_cells, rubric, stubs
from autograder.release.notebook_file import read_notebook
from autograder.release.parts import answers
from autograder.release.scenarios import scenarios
from autograder.report.diagram.rows import Kind, diagram
from autograder.report.model import Report, Verdict
from autograder.report.words import is_good, remarks
from autograder.rubric.model import Exercise
from autograder.samples import Sample
from autograder.submission.percent import Part, put_parts, read_parts
from autograder.submission.read import from_notebook
from tests.authoring import NAMES, lay_out

HERE = Path(__file__).parent / "course"
MOST_LINES = 120
MISTAKES = [(name, sample) for name in NAMES for sample in samples.load_all(HERE / "samples" / name)]
every_assignment = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return lay_out(tmp_path_factory.mktemp("authoring") / "course")


def model_answer(course: Course, name: str) -> list[Part]:
    return read_parts((course.solutions(name) / f"{name}.py").read_text(encoding="utf-8"))


def grade(
    course: Course, name: str, notebook: nbformat.NotebookNode, change: Callable[[Exercise], Exercise] = lambda one: one
) -> Report:
    assignment = load_in(course, name)
    assignment = replace(assignment, exercises=tuple(map(change, assignment.exercises)))
    return grade_submission(from_notebook(notebook, assignment), assignment, course, seed=4)


def first_run_only(exercise: Exercise) -> Exercise:
    return replace(exercise, cross_play=lambda cast: exercise.cross_play(cast)[:1])


def last_run_only(exercise: Exercise) -> Exercise:
    return replace(exercise, cross_play=lambda cast: exercise.cross_play(cast)[-1:])


def release(course: Course, name: str) -> nbformat.NotebookNode:
    return nbformat.read(course.release(name), as_version=4)


@every_assignment
def test_it_takes_few_lines(name: str) -> None:
    files = [HERE / "source" / name / f"{name}_exercises.py", HERE / "solutions" / name / "peers.py"]
    assert sum(len(path.read_text().splitlines()) for path in files if path.exists()) < MOST_LINES


@every_assignment
def test_verify_finds_nothing_wrong_with_it(course: Course, name: str) -> None:
    assignment, notebook = load_in(course, name), read_notebook(course.release(name))
    about_notebook = [fault for look in (given_cells, stubs, check_cells) for fault in look(notebook, assignment)]
    assert [*scenarios(course, assignment), *answers(course, assignment), *rubric(assignment), *about_notebook] == []


@every_assignment
def test_it_has_three_mistakes(name: str) -> None:
    assert len([sample for of, sample in MISTAKES if of == name]) == 3


@every_assignment
def test_its_stub_gets_nothing(course: Course, name: str) -> None:
    report = grade(course, name, release(course, name))
    assert (report.verdict, report.points) == (Verdict.NOT_PASSED, 0)


@pytest.mark.simulator
@every_assignment
def test_the_model_answer_gets_full_marks_and_its_picture_shows_nothing_wrong(course: Course, name: str) -> None:
    report = grade(course, name, put_parts(release(course, name), model_answer(course, name)))

    assert (report.verdict, report.points) == (Verdict.PASSED, report.max_points), told(report)
    for run in (run for exercise in report.exercises for run in exercise.runs):
        assert run.deliveries
        assert all(is_good(delivery) for delivery in run.deliveries)
        assert (remarks(run), run.flags, run.ended) == ([], (), "settled")
        assert {row.kind for row in diagram(run).rows} == {Kind.GOOD}


@pytest.mark.simulator
@pytest.mark.sampled(2)
@every_assignment
def test_a_students_own_run_of_the_model_answer_shows_nothing_wrong(course: Course, name: str) -> None:
    assignment = load_in(course, name)
    cells = from_notebook(put_parts(release(course, name), model_answer(course, name)), assignment).cells
    own = run_own(cells, assignment, assignment.exercises[0].classes[0], "")

    assert own.summary and own.summary.ended == "settled", own.problem
    assert own.summary.deliveries and all(is_good(delivery) for delivery in own.summary.deliveries)


@pytest.mark.simulator
@pytest.mark.sampled(4)
@pytest.mark.parametrize(("name", "sample"), MISTAKES, ids=[f"{name}-{sample.name}" for name, sample in MISTAKES])
def test_a_mistake_gets_exactly_its_points_and_its_hint(course: Course, name: str, sample: Sample) -> None:
    found(course, name, sample, first_run_only)  # the second one costs time, and shows the same


@pytest.mark.simulator
def test_a_mistake_is_found_in_25_rounds_of_eight_sites_as_well(course: Course) -> None:
    mistake = samples.load(HERE / "samples" / "consensus" / "mistakes" / "mean_of_neighbours")
    (exercise,) = found(course, "consensus", mistake, last_run_only).exercises
    assert [run.scenario for run in exercise.runs] == ["eight"]
    assert len(exercise.runs[0].deliveries) == 25 * 2 * (8 + 1)


def found(course: Course, name: str, sample: Sample, change: Callable[[Exercise], Exercise]) -> Report:
    """Grade a mistake, see that it gets what it must, and return its report."""
    notebook = samples.notebook(sample, release(course, name), model_answer(course, name))
    report = grade(course, name, notebook, change)

    (exercise,) = report.exercises
    failed = tuple(check.name for check in exercise.checks if check.verdict is not Verdict.PASSED)
    assert (failed, exercise.points, exercise.code) == (
        sample.failed[exercise.name],
        sample.points[exercise.name],
        sample.hints[exercise.name],
    ), told(report)
    assert exercise.verdict is Verdict.NOT_PASSED
    return report


@pytest.mark.simulator
@pytest.mark.parametrize(
    ("name", "right", "wrong"), [("third_time", '"Shop"', '"Shopp"'), ("ring_token", '"TaskGiver"', '"TaskGivver"')]
)
def test_a_misspelt_class_is_named_and_no_student_is_charged(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    right: str,
    wrong: str,
) -> None:
    course = lay_out(tmp_path / "course")
    for folder in (course.release(name).parent, course.source(name).parent):
        exercises = folder / f"{name}_exercises.py"
        exercises.write_text(exercises.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    monkeypatch.chdir(course.root)

    assert main(["repeat", name, "--times", "1"]) == 1
    said = capsys.readouterr().out
    assert "infrastructure" in said
    assert re.search(rf"Can't load class \S+: module '\S+' has no attribute '{wrong[1:-1]}'\)", said), said


def told(report: Report) -> str:
    return "\n".join(
        f"{check.name}: {check.verdict}; seen: {check.seen}; hint: {check.code}, {check.hint}"
        for exercise in report.exercises
        for check in exercise.checks
    )
