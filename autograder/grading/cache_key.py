"""The content key of a submission: equal keys mean that grading again would judge the same code in the same way."""

import hashlib
import json
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import autograder
from autograder.assignments import place_of_module
from autograder.course import Course
from autograder.grading.student_part import StudentPart
from autograder.report.places import beginning
from autograder.rubric.model import Assignment, Exercise
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.scenario import Scenario
from autograder.submission.model import Submission
from autograder.submission.python_code import python_version

SEED_POLICY = "drawn for a program when it is played"
"""The way in which a grading comes to its seed. Another policy can give other reports, so it is part of the key."""

_JUDGING = ("assignments", "evidence", "grading", "rubric", "simulator", "submission")
"""The parts of the package that decide about points and hints. How they are shown can change without a new grading."""
_PLAYING = ("evidence", "simulator", "submission")
"""The parts that decide about what is seen of a run, whatever a rubric then makes of it."""
_WORDS_IN_REPORTS = ("report/places.py", "report/reasons.py", "report/tracebacks.py")
"""The modules of ``report`` that judging calls: what they write stands in the reports that are kept."""


def content_key(submission: Submission, assignment: Assignment, course: Course, settings: RunSettings) -> str:
    """Return the content key of a submission: 64 hexadecimal digits.

    It covers the assignment, the code cells, what keeps the submission from being graded, the rubric (the code that
    judges, the instructor's notebook and peers), the versions of nvflare, of Python and of this package, the settings
    with which runs are made, and the seed policy.
    Remarks that cost nothing are left out, and so are names and dates.

    Raises:
        CourseError: when the course folder lacks a part of the assignment.
    """
    return _hash(
        {
            "assignment": assignment.name,
            "cells": [[cell.grade_id, cell.source] for cell in submission.cells],
            "problems": [[problem.code, dict(problem.data)] for problem in submission.fatal],
            "rubric": rubric_version(assignment, course),
            "nvflare": nvflare_version(),
            "autograder": autograder.__version__,
            "seed": SEED_POLICY,
            "settings": _under(settings),
        }
    )


def exercise_key(exercise: Exercise, student: StudentPart, rubric: str, settings: RunSettings) -> str:
    """Return the content key of one exercise: equal for programs that are judged in the same way and words.

    How its cells are called is part of it, since hints name cells and lines.
    """
    names = [cell.grade_id or beginning(cell.source) for cell in student.program.cells]
    program = [_program(student), names]
    return _hash([exercise.name, program, rubric, _under(settings), nvflare_version(), SEED_POLICY])


def runs_key(exercise: str, student: StudentPart) -> str:
    """Return the key of a program's runs for an exercise, whatever the rubric: see `autograder.grading.run_cache`."""
    return _hash([exercise, _program(student), _code_in(_PLAYING), nvflare_version()])


def _under(settings: RunSettings) -> list[Any]:
    """Return what else decides what a run shows: its isolation, its limits, and the Python that reads it."""
    return [settings.isolation, asdict(settings.limits), python_version()]


def _program(student: StudentPart) -> list[Any]:
    program = student.program
    return [program.source, program.spans, program.stop, [cell.stand_in for cell in program.cells]]


def scenario_key(scenario: Scenario, settings: RunSettings) -> str:
    """Return the key of a scenario under settings: equal when nothing would be done differently in a run."""
    # What is expected decides about nothing in a run, and may be a function.
    played = replace(scenario, expected=(), results=(), credited={})
    what = {**asdict(played), "students": sorted(scenario.students)}
    parts = (scenario.controller, *scenario.executors.values())
    own = sorted({part.module for part in parts if part.module.startswith(f"{autograder.__name__}.")})
    files = [_package().parent / f"{name.replace('.', '/')}.py" for name in own]
    # Of a module that is not there the run tells, in NVFlare's words.
    return _hash([what, [_digest(path) for path in files if path.is_file()], _under(settings)])


def rubric_version(assignment: Assignment, course: Course) -> str:
    """Return a hash over everything in the course that a grading depends on.

    Raises:
        CourseError: when the course folder lacks a part of the assignment.
    """
    files = parts_for_grading(course, assignment.name)
    return _hash([judging_code(), *([path.name, _digest(path)] for path in files)])


def parts_for_grading(course: Course, assignment: str) -> tuple[Path, ...]:
    """Return the files of a course folder that grading an assignment depends on: notebook, peers, exercises.

    The model answer is none of them.

    Raises:
        CourseError: when the course folder lacks one of them.
    """
    optional = (course.peers(assignment), place_of_module(course, assignment))
    return (course.source(assignment), *(path for path in optional if path.is_file()))


@cache
def judging_code() -> str:
    """Return a hash over the modules of this package that judge submissions."""
    return _code_in(_JUDGING, _WORDS_IN_REPORTS)


@cache
def _code_in(parts: tuple[str, ...], single: tuple[str, ...] = ()) -> str:
    package = _package()
    modules = [path for part in parts for path in (package / part).rglob("*.py")]
    modules += [package / path for path in single]
    return _hash([[path.relative_to(package).as_posix(), _digest(path)] for path in sorted(modules)])


def _package() -> Path:
    return Path(autograder.__file__).parent


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def nvflare_version() -> str:
    """Return the version of NVFlare that is installed here. To find it means to read and parse a file."""
    return version("nvflare")


def _hash(value: Any) -> str:
    # ASCII escapes make any text hashable, lone surrogates included.
    return hashlib.sha256(json.dumps(value, ensure_ascii=True).encode("ascii")).hexdigest()
