"""The course folder of the demonstration: a copy of the course's own parts, and the submissions of a sample class."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder import samples
from autograder.course import CONFIG_NAME, Course, CourseError
from autograder.report.model import Report, Verdict
from autograder.report.words import number
from autograder.samples import CORRECT, Sample
from autograder.submission.percent import read_parts

_COPIED = ("source", "solutions")
UNTOUCHED = "untouched_release"
"""The sample submission that is the notebook as it was handed out."""


@dataclass(frozen=True)
class Expected:
    """The result that grading a sample submission must give.

    Attributes:
        verdict: passed or not passed, or that it cannot be graded.
        points: exercise to points; empty when it cannot be graded.
        failed: exercise to the checks that must not pass, in the rubric's order.
        hints: exercise to the code of the hint to follow first.
        problem: the code of the problem that the instructor must be told.
    """

    verdict: Verdict
    points: Mapping[str, float]
    failed: Mapping[str, Sequence[str]]
    hints: Mapping[str, str]
    problem: str = ""


def copy_course(course: Course, folder: Path) -> Course:
    """Make a course folder with the configuration, source notebooks and solutions of another one.

    Raises:
        CourseError: when the folder is the course's own, or holds something else.
    """
    folder = folder.resolve()
    if folder == course.root or folder in course.root.parents:
        raise CourseError(f"{folder} holds the course itself. Choose a folder for the sample class that is empty.")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / CONFIG_NAME).is_file())):
        raise CourseError(f"{folder} holds something else. Choose a folder for the sample class that is new or empty.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(course.root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_*"))
    shutil.copyfile(course.root / CONFIG_NAME, folder / CONFIG_NAME)
    return Course(folder)


STUDENTS = ("ada", "ben", "cleo", "dan", "eva", "finn", "gus", "hal", "ida", "jon", "kim", "lea", "max", "nia", "olu")
"""The class that does the whole course."""


def choose_samples(candidates: Sequence[Sample]) -> dict[str, Sample]:
    """Choose samples by student, so that every check costs somebody points, and the first one has all right."""
    right = next((sample for sample in candidates if sample.kind == CORRECT), None)
    reasons: dict[tuple[str, str], Sample] = {}
    for sample in candidates:
        for exercise, failed in sample.failed.items():
            reasons.setdefault((exercise, failed[0]), sample)
    some = list({sample.name: sample for sample in filter(None, [right, *reasons.values()])}.values())
    return dict(zip(STUDENTS, some, strict=False))


def hand_in(
    course: Course,
    samples_from: Course,
    assignment: str,
    choose: Callable[[Sequence[Sample]], dict[str, Sample]] | None = None,
) -> dict[str, Expected]:
    """Put the sample submissions into a course folder whose release has been generated.

    A file that is there already with the same content is not written again.

    Args:
        choose: which samples, by the student's id; all of them, and some that cannot be graded, when None: each is
            called by its name.

    Returns:
        what each of them must get, by the student's id.

    Raises:
        CourseError: when the course has no samples of the assignment, or one of them is not described as it should be.
    """
    folder = samples_from.samples(assignment)
    try:
        found = samples.load_all(folder)
    except (ValueError, OSError) as error:
        raise CourseError(f"A sample submission in {folder} cannot be used: {error}") from error
    if not found:
        raise CourseError(f"There are no sample submissions in {folder}: run this in the course's own folder.")
    released = course.release(assignment).read_text(encoding="utf-8")
    answers = read_parts((course.solutions(assignment) / f"{assignment}.py").read_text(encoding="utf-8"))
    expected: dict[str, Expected] = {}
    for student, sample in (choose(found) if choose else {sample.name: sample for sample in found}).items():
        release = nbformat.reads(released, as_version=4)  # type: ignore[no-untyped-call]  # nbformat ships no types
        notebook = samples.notebook(sample, release, answers)
        text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
        _write(_place(course, student, assignment), text + "\n")
        verdict = Verdict.NOT_PASSED if any(sample.failed.values()) else Verdict.PASSED
        expected[student] = Expected(verdict, sample.points, sample.failed, sample.hints)
    if choose:
        return expected
    _write(_place(course, UNTOUCHED, assignment), released)
    expected[UNTOUCHED] = Expected(Verdict.NOT_PASSED, dict.fromkeys(next(iter(expected.values())).points, 0.0), {}, {})
    for name, (make, problem) in _BAD.items():
        make(_place(course, name, assignment), released)
        expected[name] = Expected(Verdict.NOT_GRADABLE, {}, {}, {}, problem)
    return expected


def differences(report: Report, expected: Expected) -> list[str]:
    """Return how a report differs from what it should be, one sentence each."""
    found = []
    if report.verdict is not expected.verdict:
        found.append(f"the verdict is {report.verdict} and should be {expected.verdict}")
    problems = [problem.code for problem in report.problems]
    if expected.problem and expected.problem not in problems:
        found.append(f"the problem is {', '.join(problems) or 'none'} and should be {expected.problem}")
    exercises = {exercise.name: exercise for exercise in report.exercises if expected.points}
    if exercises.keys() != expected.points.keys():
        return [*found, f"points are expected of {_listed(expected.points)}, and there are {_listed(exercises)}"]
    for exercise in exercises.values():
        wanted = expected.points[exercise.name]
        if exercise.points != wanted:
            found.append(f"{exercise.name} has {number(exercise.points)} points and should have {number(wanted)}")
        failed = [check.name for check in exercise.checks if check.verdict is not Verdict.PASSED]
        if expected.failed and failed != list(expected.failed.get(exercise.name, ())):
            found.append(f"of {exercise.name} these checks do not pass: {', '.join(failed) or 'none'}")
        hint = expected.hints.get(exercise.name, exercise.code)
        if hint != exercise.code:
            found.append(f"the hint of {exercise.name} is {exercise.code or 'none'} and should be {hint}")
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "no exercises"


def _place(course: Course, student: str, assignment: str) -> Path:
    return course.root / "submitted" / student / assignment / f"{assignment}.ipynb"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _cut_off(path: Path, released: str) -> None:
    _write(path, released[: len(released) // 2])


def _other_json(path: Path, _released: str) -> None:
    _write(path, json.dumps({"about": "my homework"}))


def _nothing(path: Path, _released: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)


def _other_name(path: Path, released: str) -> None:
    _write(path.with_name("Untitled1.ipynb"), released)


_BAD: dict[str, tuple[Callable[[Path, str], None], str]] = {
    "bad_cut_off": (_cut_off, "file.not_json"),
    "bad_empty_folder": (_nothing, "file.none"),
    "bad_no_notebook": (_other_json, "file.no_notebook"),
    "bad_other_name": (_other_name, "file.other_name"),
}
"""Submissions that cannot be graded: how they are made, and the code of their problem."""
