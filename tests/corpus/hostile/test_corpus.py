"""The hostile corpus promises what can be kept, and its code comes through to where it would be run. Nothing is run."""

import ast
import contextlib
import functools
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder import assignments
from autograder.grading.notebook_program import part_for
from autograder.grading.reference import Reference
from autograder.rubric.model import Exercise
from autograder.submission.model import Submission
from autograder.submission.percent import Part, Place, read_parts
from autograder.submission.read import read_submission
from tests.corpus import hostile
from tests.corpus.hostile import FLAGS, GROUPS, Hostile
from tests.tools.course_folder import CHECKOUT

NAME = "p2p_communication"
ASSIGNMENT = assignments.load(NAME)
CORPUS = hostile.load_all()
WITH_CELLS = [one for one in CORPUS if one.sample.text]
REFERENCE = Reference.of(CHECKOUT, ASSIGNMENT)
LAST = ASSIGNMENT.exercises[-1]


@functools.cache
def release() -> nbformat.NotebookNode:
    return nbformat.read(CHECKOUT.release(NAME), as_version=4)


@functools.cache
def reference() -> list[Part]:
    return read_parts((CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))


def ids(one: Hostile | Exercise) -> str:
    return f"{one.group}-{one.name}" if isinstance(one, Hostile) else one.name


def submission(one: Hostile, folder: Path) -> Submission:
    path = folder / f"{NAME}.ipynb"
    path.write_bytes(hostile.handed_in(one, release(), reference()))
    return read_submission(path, ASSIGNMENT, CHECKOUT)


def test_none_got_lost() -> None:
    assert [one.name for one in CORPUS] == [folder.name for folder in hostile.folders()]
    assert len(CORPUS) == 192, "was one added? Then write the number here"
    assert sum(one.fast for one in CORPUS) == 16, "each of them is graded in every test run: is that meant?"


def test_names_are_unique_among_themselves_and_in_words() -> None:
    assert [name for name, count in Counter(one.name for one in CORPUS).items() if count > 1] == []
    assert all(one.name.isidentifier() and one.name == one.name.lower() for one in CORPUS)


def test_no_two_are_about_the_same() -> None:
    assert [about for about, count in Counter(one.about for one in CORPUS).items() if count > 1] == []
    assert all(one.about.endswith(".") and "\n" not in one.about for one in CORPUS)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_is_in_the_fast_set(group: str) -> None:
    assert any(one.fast for one in CORPUS if one.group == group)


def test_every_flag_is_raised_by_somebody() -> None:
    assert {flag for one in CORPUS for flag in one.flags | one.allowed_flags} == set(FLAGS)


@pytest.mark.parametrize("one", CORPUS, ids=ids)
def test_what_is_expected_is_possible(one: Hostile) -> None:
    assert not one.flags & one.allowed_flags
    sample = one.sample
    if one.verdict:
        assert one.problems and not one.flags
        return
    assert list(sample.points) == [exercise.name for exercise in ASSIGNMENT.exercises]
    assert sample.failed.keys() | sample.hints.keys() <= sample.points.keys()
    assert all(sample.hints.values())


GRADED = [(one, exercise) for one in CORPUS if not one.verdict for exercise in ASSIGNMENT.exercises]
RELEASED = [(one, exercise) for one, exercise in GRADED if one.sample.based_on == "release"]


@pytest.mark.parametrize(("one", "exercise"), GRADED, ids=ids)
def test_points_are_those_of_the_checks_that_pass(one: Hostile, exercise: Exercise) -> None:
    points, names = one.sample.points[exercise.name], [check.name for check in exercise.checks]
    if exercise.name not in one.sample.failed:
        assert points in (0, exercise.max_points), "points for a part of an exercise want the checks that fail"
        return
    failed = one.sample.failed[exercise.name]
    assert list(failed) == [name for name in names if name in failed], "unknown, or not in the rubric's order"
    assert points == sum(check.points for check in exercise.checks if check.name not in failed)


@pytest.mark.parametrize(
    ("one", "exercise"), [each for each in GRADED if each[0].sample.based_on == "release"], ids=ids
)
def test_whoever_writes_no_code_gets_no_points(one: Hostile, exercise: Exercise) -> None:
    answered = exercise.name in {part.replaces for part in read_parts(one.sample.text)}
    defined = any(name in one.sample.text for name in exercise.classes)
    assert answered or defined or one.sample.points[exercise.name] == 0


@pytest.mark.parametrize("one", CORPUS, ids=ids)
def test_the_instructor_is_told_of_the_notebook_what_is_expected(one: Hostile, tmp_path: Path) -> None:
    read = submission(one, tmp_path)
    assert bool(read.fatal) == bool(one.verdict)
    assert {problem.code for problem in read.problems} == one.problems


@pytest.mark.parametrize("one", WITH_CELLS, ids=ids)
def test_its_cells_are_python(one: Hostile) -> None:
    parts = read_parts(one.sample.text)
    assert parts
    for part in parts:
        ast.parse(part.source)


@pytest.mark.parametrize("one", WITH_CELLS, ids=ids)
def test_all_of_its_code_comes_through(one: Hostile, tmp_path: Path) -> None:
    cells = submission(one, tmp_path).cells
    for part in read_parts(one.sample.text):
        exercise = LAST if part.place is Place.AFTER else ASSIGNMENT.exercise(part.anchor)
        program = part_for(exercise, cells, ASSIGNMENT, REFERENCE.given).program
        assert part.source.strip("\n") in program.source


SOUND = {
    "about": '"It tries."',
    "group": '"loop"',
    "based_on": '"release"',
    "points": "{ execute = 0 }",
    "flags": "[]",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"hints": "{ execute = 'targets' }"},
        {"flag": '["forged"]'},
        {"about": None},
        {"flags": None},
        {"about": '""'},
        {"problems": "[]"},
        {"failed": "{}"},
        {"hint": "{}"},
        {"allowed_flags": "[]"},
        {"flags": '["cheated"]'},
        {"flags": '"forged"'},
        {"group": '"loops"'},
        {"based_on": '"nothing"'},
        {"fast": '"yes"'},
        {"points": None},
        {"verdict": '"cannot be graded"'},
        {"points": None, "verdict": '"bad"'},
    ],
    ids=str,
)
def test_a_promise_that_nobody_reads_or_that_is_always_kept_is_refused(
    changed: dict[str, str | None], tmp_path: Path
) -> None:
    (tmp_path / "submission.py").touch()
    text = {**SOUND, **changed}
    for keys, fits in ((SOUND, True), (text, False)):
        lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
        (tmp_path / "expected.toml").write_text("\n".join(lines), encoding="utf-8")
        with contextlib.nullcontext() if fits else pytest.raises(ValueError, match=tmp_path.name):
            hostile.load(tmp_path)
