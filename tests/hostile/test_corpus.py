"""The hostile corpus promises what can be kept, and its code comes through to where it would be run. Nothing is run."""

import ast
import functools
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder import exercises
from autograder.course import Course
from autograder.grading.module_part import ModulePart
from autograder.submission.model import Cell, Submission
from autograder.submission.percent import read_parts
from autograder.submission.read import read_submission
from tests import hostile
from tests.hostile import FLAGS, GROUPS, Hostile

NAME = "p2p_communication"
ASSIGNMENT = exercises.load(NAME)
COURSE = Course(Path(__file__).parents[2])
CORPUS = hostile.load_all()
WITH_CELLS = [one for one in CORPUS if one.sample.text]
THAT_RUN = [one for one in WITH_CELLS if one.group != "notebook"]


@functools.cache
def release() -> nbformat.NotebookNode:
    return nbformat.read(COURSE.release(NAME), as_version=4)


@functools.cache
def reference() -> list[Cell]:
    return read_parts((COURSE.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))


def ids(one: Hostile) -> str:
    return f"{one.group}-{one.name}"


def submission(one: Hostile, folder: Path) -> Submission:
    path = folder / f"{NAME}.ipynb"
    path.write_bytes(hostile.handed_in(one, release(), reference()))
    return read_submission(path, ASSIGNMENT, COURSE)


def given() -> list[Cell]:
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in release().cells}
    return [Cell(grade_id, cells[grade_id].source) for grade_id in ASSIGNMENT.given]


def test_there_are_enough() -> None:
    assert len(CORPUS) >= 60
    assert len(CORPUS) == len([path for path in hostile.FOLDER.iterdir() if (path / "expected.toml").exists()])


def test_names_are_unique_among_themselves_and_in_words() -> None:
    assert [name for name, count in Counter(one.name for one in CORPUS).items() if count > 1] == []
    assert all(one.name.isidentifier() and one.name == one.name.lower() for one in CORPUS)


def test_no_two_are_about_the_same() -> None:
    assert [about for about, count in Counter(one.about for one in CORPUS).items() if count > 1] == []
    assert all(one.about.endswith(".") and "\n" not in one.about for one in CORPUS)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_is_in_the_fast_set(group: str) -> None:
    assert any(one.fast for one in CORPUS if one.group == group)


def test_the_fast_set_is_small() -> None:
    assert 10 <= sum(one.fast for one in CORPUS) <= 30


def test_every_flag_is_raised_by_somebody() -> None:
    assert {flag for one in CORPUS for flag in one.flags | one.allowed_flags} == set(FLAGS)


@pytest.mark.parametrize("one", CORPUS, ids=ids)
def test_what_is_expected_is_possible(one: Hostile) -> None:
    assert not one.flags & one.allowed_flags
    sample = one.sample
    if one.verdict:
        assert one.message and not one.flags
        return
    assert list(sample.points) == [exercise.name for exercise in ASSIGNMENT.exercises]
    assert sample.failed.keys() | sample.hints.keys() <= sample.points.keys()
    for exercise in ASSIGNMENT.exercises:
        points, failed = sample.points[exercise.name], sample.failed.get(exercise.name, ())
        earned = sum(check.points for check in exercise.checks if check.name not in failed)
        names = [check.name for check in exercise.checks]
        assert list(failed) == [name for name in names if name in failed], "unknown, or not in the rubric's order"
        assert points == (earned if failed else points)
        assert failed or points in (0, earned), "points for a part of an exercise want the checks that fail"


@pytest.mark.parametrize("one", CORPUS, ids=ids)
def test_it_becomes_a_file(one: Hostile, tmp_path: Path) -> None:
    read = submission(one, tmp_path)
    assert bool(read.fatal) == bool(one.verdict)
    assert one.message in " ".join(problem.message for problem in read.problems)


@pytest.mark.parametrize("one", WITH_CELLS, ids=ids)
def test_its_cells_are_python(one: Hostile) -> None:
    for part in read_parts(one.sample.text):
        ast.parse(part.source)


@pytest.mark.parametrize("one", [one for one in WITH_CELLS if one.group == "notebook"], ids=ids)
def test_cells_that_only_run_things_define_nothing(one: Hostile, tmp_path: Path) -> None:
    module = ModulePart.of(
        [*given(), *submission(one, tmp_path).cells], ASSIGNMENT.classes_for(ASSIGNMENT.exercises[0])
    )
    assert not any(line in module.module.source for line in one.sample.text.splitlines() if len(line) > 20)


@pytest.mark.parametrize("one", THAT_RUN, ids=ids)
def test_all_of_its_code_comes_through(one: Hostile, tmp_path: Path) -> None:
    cells = [*given(), *submission(one, tmp_path).cells]
    for part in read_parts(one.sample.text):
        exercise = ASSIGNMENT.exercise((part.grade_id or "").rpartition(" ")[2])
        source = ModulePart.of(cells, ASSIGNMENT.classes_for(exercise)).module.source
        compile(source, "submission", "exec")
        kept = {ast.unparse(statement) for statement in ast.parse(source).body}
        lost = [ast.unparse(node) for node in ast.parse(part.source).body if ast.unparse(node) not in kept]
        assert lost == []
