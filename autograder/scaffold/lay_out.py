"""Copies the skeleton of an assignment into a course folder, under the assignment's own name."""

import re
from pathlib import Path

from autograder import assignments
from autograder.assignments import SUFFIX
from autograder.course import Course, CourseError

SKELETON = Path(__file__).parent / "skeleton"

_NAME, _TITLE = "new_assignment", "New assignment"
"""What the skeleton is called."""

_PLACES = {
    "notebook.ipynb": "source/{name}/{name}.ipynb",
    "exercises.py": f"source/{{name}}/{{name}}{SUFFIX}.py",
    "answers.py": "solutions/{name}/{name}.py",
    "partners.py": "solutions/{name}/peers.py",
    "samples/right.py": "samples/{name}/correct/method_of_its_own/submission.py",
    "samples/right.toml": "samples/{name}/correct/method_of_its_own/expected.toml",
    "samples/wrong.py": "samples/{name}/mistakes/name_written_down/submission.py",
    "samples/wrong.toml": "samples/{name}/mistakes/name_written_down/expected.toml",
}
_FOLDERS = ("source", "release", "solutions", "samples")
_FIT_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_FIT_TITLE = re.compile(r"[^\s\"'\\{}](?:[^\"'\\{}\x00-\x1f\x7f]{0,98}[^\s\"'\\{}])?")


def lay_out(course: Course, name: str, title: str = "") -> list[Path]:
    """Write a new assignment that works, with one exercise, to be changed into the instructor's own.

    Args:
        title: how it is called in sentences; made of the name by default.

    Returns:
        the files that were written, in an order in which to read them.

    Raises:
        CourseError: when the name or the title cannot be used, or there is something of this name already.
    """
    title = title or name.replace("_", " ").strip().capitalize()
    _refuse_unfit(name, title)
    _refuse_known(course, name)
    files = {
        course.root / place.format(name=name): (SKELETON / template).read_text(encoding="utf-8")
        for template, place in _PLACES.items()
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace(_NAME, name).replace(_TITLE, title))
    return list(files)


def _refuse_unfit(name: str, title: str) -> None:
    if not _FIT_NAME.fullmatch(name):
        raise CourseError(
            f"{name!r} cannot be the name of an assignment, which is also one of files and of a Python module. "
            "Take lower-case letters, digits and _, with a letter first, and at most 60 of them."
        )
    if not _FIT_TITLE.fullmatch(title):
        raise CourseError(
            f"{title!r} cannot be the title, which is written into code. Take at most 100 characters on one line, "
            "without quotes, backslashes and braces."
        )


def _refuse_known(course: Course, name: str) -> None:
    there = [folder for folder in _FOLDERS if (course.root / folder / name).exists()]
    if there:
        listed = ", ".join(f"{folder}/{name}" for folder in there)
        raise CourseError(f"{listed} is there already, and nothing is overwritten. Take another name, or remove it.")
    if name in assignments.names():
        raise CourseError(f"There is an assignment {name} already. Take another name.")
