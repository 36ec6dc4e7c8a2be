"""The committed release is what the source generates; with the real nbgrader."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.release.drift import drift, generate_elsewhere
from tests.release.conftest import CHECKOUT, NAME

pytestmark = pytest.mark.slow


def test_the_committed_release_is_what_the_source_generates() -> None:
    assert list(drift(CHECKOUT, NAME)) == []


def test_a_changed_release_is_told_with_the_lines_that_differ(course: Course) -> None:
    path = course.release(NAME)
    path.write_text(path.read_text(encoding="utf-8").replace("Peer-to-peer", "Peer-to-beer", 1), encoding="utf-8")
    (path.parent / "notes.txt").write_text("x", encoding="utf-8")
    (path.parent / "requirements.txt").unlink()

    faults = {fault.where: fault.what for fault in drift(course, NAME)}
    assert "Peer-to-beer" in faults[f"release/{NAME}/{NAME}.ipynb"]
    assert "does not generate" in faults[f"release/{NAME}/notes.txt"]
    assert "not in the release" in faults[f"release/{NAME}/requirements.txt"]


def test_plain_nbgrader_generates_the_same_bytes(course: Course) -> None:
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force"]
    # As in an activated environment: nbgrader calls the command alembic.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(command, cwd=course.root, env={**os.environ, "PATH": path}, check=True, capture_output=True)

    assert course.release(NAME).read_bytes() == CHECKOUT.release(NAME).read_bytes()


def test_verifying_leaves_the_course_folder_alone(course: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = sorted(path.relative_to(course.root) for path in course.root.rglob("*"))
    generate_elsewhere(course, NAME, tmp_path_factory.mktemp("elsewhere"))

    assert sorted(path.relative_to(course.root) for path in course.root.rglob("*")) == before
