"""Plain nbgrader that cannot generate a release: what students were to get is still there."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from tests.tools.ordinary_user import as_ordinary_user
from tests.unit.release.conftest import NAME

pytestmark = pytest.mark.slow

BARE = {**os.environ, "PATH": os.defpath}


def generate(course: Course, *options: str) -> subprocess.CompletedProcess[str]:
    command = as_ordinary_user(sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force", *options)
    return subprocess.run(command, cwd=course.root, env=BARE, capture_output=True, text=True, check=False)


def in_release(course: Course) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_mode) for path in course.release(NAME).parent.rglob("*.*")}


def damaged_gradebook(course: Course) -> None:
    (course.root / "gradebook.db").write_bytes(b"no database at all" * 500)


def name_given_twice(course: Course) -> None:
    path = course.source(NAME)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    graded = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader")]
    graded[1]["metadata"]["nbgrader"]["grade_id"] = graded[0]["metadata"]["nbgrader"]["grade_id"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize("broken", [damaged_gradebook, name_given_twice])
def test_what_was_there_is_there_again(course: Course, broken: Callable[[Course], None]) -> None:
    broken(course)
    (course.release(NAME).parent / "an-erratum.txt").write_text("see there", encoding="utf-8")
    before = in_release(course)

    done = generate(course)
    assert done.returncode == 1
    assert "The release that was there before is there again" in done.stderr
    assert in_release(course) == before
    assert not list(course.root.glob(".release-*"))


def test_what_cannot_be_kept_is_not_replaced(course: Course) -> None:
    before = in_release(course)
    course.root.chmod(0o500)

    done = generate(course)
    assert done.returncode == 1
    assert "cannot be replaced, and stays as it is (Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    assert in_release(course) == before
