"""What tests that grade share: a course folder in which nobody has handed in anything, which is made once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from tests.tools.course_folder import make_course
from tests.tools.shared import made_once

CourseAt = Callable[[Path], Course]


@pytest.fixture(scope="session")
def course_at(tmp_path_factory: pytest.TempPathFactory) -> CourseAt:
    """Lays out a course folder at a path, as `make_course` does, with a copy of the first one."""
    made = made_once(tmp_path_factory, "new course", make_course)
    return lambda folder: Course(Path(shutil.copytree(made, folder)))


@pytest.fixture
def course(template: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Copy the `template` of a test's module, and make the copy the current folder."""
    copied = shutil.copytree(template.root, tmp_path / template.root.name)
    monkeypatch.chdir(copied)
    return Course(copied)
