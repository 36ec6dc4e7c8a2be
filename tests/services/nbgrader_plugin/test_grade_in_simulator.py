"""nbgrader's own commands, typed by hand, grade in the simulator and use what was graded before."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.course import Course
from autograder.grading.store import FOLDER
from tests.services.conftest import CourseAt
from tests.tools.course_folder import NAME, PATIENCE, cell_of, place, released, solved

pytestmark = [pytest.mark.simulator, pytest.mark.slow]


def nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=PATIENCE, check=False)


def write(path: Path, notebook: object) -> None:
    path.write_text(json.dumps(notebook), encoding="utf-8")


def score(course: Course, student: str) -> float | None:
    """The student's points; None when there is no score."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        try:
            submission = gradebook.find_submission(NAME, student)
        except MissingEntry:
            return None
        scores = [grade.auto_score for notebook in submission.notebooks for grade in notebook.grades]
        return None if None in scores else sum(scores)


@pytest.fixture(scope="module")
def course(course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = course_at(tmp_path_factory.mktemp("plain nbgrader") / "course")
    half = solved(course)
    for name in ("execute", "server_handler"):
        cell_of(half, name).source = cell_of(released(course), name).source
    tampered = solved(course)
    told = cell_of(tampered, "test_execute").metadata.nbgrader
    told.grade, told.points, told.schema_version = False, 400, 1
    write(place(course, "anna"), half)
    (place(course, "anna").parent / ".venv" / "bin").mkdir(parents=True)
    (place(course, "anna").parent / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    write(place(course, "bert"), {"answer": 42})
    write(place(course, "carl"), tampered)
    write(place(course, "dora"), released(course))
    return course


@pytest.fixture(scope="module")
def autograded(course: Course) -> subprocess.CompletedProcess[str]:
    return nbgrader(course, "autograde", NAME)


def test_autograde_grades_all_that_can_be_graded(course: Course, autograded: subprocess.CompletedProcess[str]) -> None:
    assert score(course, "anna") == 4, autograded.stderr
    assert score(course, "carl") == 12
    assert score(course, "dora") == 0
    assert not (course.root / "autograded" / "anna" / NAME / ".venv").exists()


def test_one_that_cannot_be_graded_is_told_and_leaves_nothing_half_done(
    course: Course, autograded: subprocess.CompletedProcess[str]
) -> None:
    assert score(course, "bert") is None
    assert not (course.root / "autograded" / "bert" / NAME).exists()
    assert "bert" in autograded.stderr
    assert autograded.returncode == 1


def test_what_was_graded_is_kept(course: Course, autograded: subprocess.CompletedProcess[str]) -> None:
    kept = course.root / FOLDER / NAME
    before = {path: path.stat().st_ino for path in kept.rglob("*.json")}  # a report that is written is a new file
    assert {"anna.json", "carl.json", "dora.json"} <= {path.name for path in before}
    again = nbgrader(course, "autograde", NAME, "--force", "--student", "carl")
    assert again.returncode == 0, again.stderr
    assert "in the simulator" not in again.stderr
    assert {path: path.stat().st_ino for path in kept.rglob("*.json")} == before
    assert score(course, "carl") == 12


def test_feedback_and_export_follow(course: Course, autograded: subprocess.CompletedProcess[str]) -> None:
    done = nbgrader(course, "generate_feedback", NAME)
    assert done.returncode == 0, done.stderr
    page = (course.root / "feedback" / "anna" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "This exercise is waiting for your code." in page
    assert "<script>alert" not in page
    done = nbgrader(course, "export")
    assert done.returncode == 0, done.stderr
    lines = (course.root / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[3] for line in lines] == ["student_id", "anna", "bert", "carl", "dora"]
    assert [line.split(",")[9] for line in lines] == ["score", "4.0", "", "12.0", "0.0"]
