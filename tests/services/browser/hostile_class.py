"""A class of hostile submissions, graded once: their pages hold whatever a page may have to show."""

import fcntl
import subprocess
import sys
from pathlib import Path

from autograder.course import Course
from tests.corpus.hostile import Hostile, handed_in, load_all
from tests.corpus.hostile.runner import course_parts
from tests.tools.course_folder import NAME, make_course, place

SHOWN = (
    "bidi_in_message",
    "long_words",
    "odd_characters",
    "outputs_with_scores",
    "report_in_exception",
    "script_in_log",
    "script_in_message",
    "scripts_in_markdown",
    "surrogates_in_log",
    "terminal_escapes",
    "texts_that_cost_hours",
    "texts_that_cover_the_results",
)
"""Hostile submissions whose text comes to be shown, each in another way."""

_DONE = "graded"


def chosen() -> list[Hostile]:
    """The hostile submissions of this class."""
    every = {hostile.name: hostile for hostile in load_all()}
    return [every[name] for name in SHOWN]


def graded_class(folder: Path) -> Course:
    """The course folder in ``folder`` in which they are graded, with the class page.

    Processes of one test run share it: the first one makes it while the others wait.
    """
    folder.mkdir(exist_ok=True)
    course = Course(folder / "course")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / _DONE).exists():
            _grade(make_course(course.root))
            (folder / _DONE).touch()
    return course


def _grade(course: Course) -> None:
    release, answers = course_parts(course)
    for hostile in chosen():
        place(course, hostile.name).write_bytes(handed_in(hostile, release, answers))
    for command in (["grade", NAME, "--jobs", "4"], ["report", NAME]):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *command], cwd=course.root, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
