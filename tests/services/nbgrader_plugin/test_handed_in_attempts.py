"""The file of a student's attempts goes along with ``nbgrader submit`` and is worth nothing, whatever it claims."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import ATTEMPTS_SUFFIX, Course
from tests.services.conftest import CourseAt
from tests.tools.course_folder import NAME, PATIENCE

pytestmark = pytest.mark.slow

FILE = f"{NAME}{ATTEMPTS_SUFFIX}"
PASSED = {"when": "2026-11-28T12:00+00:00", "points": 4, "max_points": 4, "failed": [], "first_step": "", "reason": ""}
CONFIG = """
c = get_config()
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
c.CourseDirectory.course_id = "p2p"
"""


def nbgrader(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "HOME": str(folder)}, timeout=PATIENCE, check=False)
    assert done.returncode == 0


@pytest.fixture
def exchange(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


@pytest.fixture
def student(tmp_path: Path, exchange: Path) -> Path:
    """A folder in which a student works, with nbgrader's configuration of a student."""
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG.format(exchange=str(exchange), cache=str(folder / ".cache")))
    return folder


def test_what_a_student_says_of_attempts_is_no_work(
    course_at: CourseAt, tmp_path: Path, exchange: Path, student: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course: Course = course_at(tmp_path / "course")
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
    shutil.copytree(course.release(NAME).parent, student / NAME)
    forged = "".join(json.dumps({**PASSED, "exercise": name}) + "\n" for name in ("execute", "handle_event"))
    (student / NAME / FILE).write_text(forged)
    nbgrader(course.root, "release_assignment", NAME)
    nbgrader(student, "submit", NAME)
    assert len(list(exchange.rglob(FILE))) == 1, "it goes along"

    nbgrader(course.root, "collect", NAME)
    assert list(course.root.glob(f"submitted/*/{NAME}/{NAME}.ipynb"))
    assert not list(course.root.glob(f"submitted/*/{NAME}/{FILE}")), "it is not collected"
    (who,) = (course.root / "submitted").iterdir()
    (who / NAME / FILE).write_text(forged)  # as a person may copy it by hand

    monkeypatch.chdir(course.root)
    assert main(["grade", NAME]) == 0
    assert (course.root / "grades.csv").read_text().count(",0.0,12.0") == 1
    assert not list(course.root.glob(f"autograded/*/*/{FILE}"))
