"""A class of hostile submissions: their pages hold whatever a page may have to show."""

import subprocess
import sys
from collections.abc import Iterable

from autograder.course import Course
from tests.corpus.hostile import Hostile, handed_in, load_all
from tests.corpus.hostile.runner import course_parts
from tests.tools.course_folder import NAME, place

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
FAILED_AND_PASSED = "long_words"
"""The one of them that passes one exercise and fails two, with hints and pictures of its runs."""


def chosen(names: Iterable[str]) -> list[Hostile]:
    """The hostile submissions of these names."""
    every = {hostile.name: hostile for hostile in load_all()}
    return [every[name] for name in names]


def graded(course: Course, names: Iterable[str]) -> None:
    """Grade some of them in a course folder, and make the class page."""
    release, answers = course_parts(course)
    for hostile in chosen(names):
        place(course, hostile.name).write_bytes(handed_in(hostile, release, answers))
    for command in (["grade", NAME, "--jobs", "4"], ["report", NAME]):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *command], cwd=course.root, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
