"""``nbgrader zip_collect`` with downloads as Moodle and Canvas make them, and what grading then sees."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.nbgrader_plugin.submitted import submissions
from tests.tools.course_folder import CHECKOUT, NAME, PATIENCE

NOTEBOOK = f"{NAME}.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course folder into which a download can be put."""
    root = tmp_path / "a course"
    shutil.copytree(CHECKOUT.root / "release", root / "release")
    (root / "source").mkdir()
    shutil.copy(CHECKOUT.root / "nbgrader_config.py", root)
    (root / "downloaded" / NAME / "archive").mkdir(parents=True)
    return Course(root)


def download(course: Course, archive: str, files: Mapping[str, str | bytes]) -> None:
    with zipfile.ZipFile(course.root / "downloaded" / NAME / "archive" / archive, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)


def collect(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", "zip_collect", NAME, *arguments]
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=PATIENCE, check=False)


def collected(course: Course) -> dict[str, dict[str, str]]:
    """What grading sees: the files of each student, with their text."""
    found = collected_bytes(course)
    return {student: {name: text.decode() for name, text in files.items()} for student, files in found.items()}


def collected_bytes(course: Course) -> dict[str, dict[str, bytes]]:
    found = submissions(CourseDirectory(root=str(course.root)), NAME)
    assert not [one for one in found if one.refused]
    return {one.student: {path.name: path.read_bytes() for path in one.folder.iterdir()} for one in found}


@pytest.mark.slow
def test_a_download_of_moodle(course: Course) -> None:
    ada, zoe = "Ada Lovelace_1234567_assignsubmission", "Zoë O'Hara-Müller_1234568_assignsubmission"
    download(
        course,
        "CS101-P2P-4711.zip",
        {
            f"{ada}_file_{NOTEBOOK}": "ada's",
            f"{ada}_onlinetext_onlinetext.html": "a remark",
            f"{zoe}_file_/{NOTEBOOK}": "zoë's",
            f"{zoe}_file_/notes.txt": "not asked for",
            f"{zoe}_file_/timestamp.txt": "1999-01-01 00:00:00 UTC",
            f"{zoe}_onlinetext_/onlinetext.html": "a remark",
            "Jo King_1234569_assignsubmission_file_/essay.pdf": "no notebook",
        },
    )
    done = collect(course)
    assert done.returncode == 0, done.stderr
    assert collected(course) == {
        "Ada Lovelace_1234567": {NOTEBOOK: "ada's"},
        "Jo King_1234569": {"essay.pdf": "no notebook"},
        "Zoë O'Hara-Müller_1234568": {NOTEBOOK: "zoë's"},
    }


@pytest.mark.slow
def test_a_download_of_canvas_and_a_later_one(course: Course) -> None:
    download(
        course,
        "submissions.zip",
        {
            f"lovelaceada_123456_7891011_{NOTEBOOK}": "first",
            f"müllerzoë_LATE_123457_7891012_{NAME}-1.ipynb": "zoë's",
            "kingjo_123458_7891013_Untitled.ipynb": "jo's",
        },
    )
    done = collect(course)
    assert done.returncode == 0, done.stderr
    assert collected(course) == {
        "kingjo_123458": {"Untitled.ipynb": "jo's"},
        "lovelaceada_123456": {NOTEBOOK: "first"},
        "müllerzoë_123457": {NOTEBOOK: "zoë's"},
    }

    download(course, "submissions (1).zip", {f"lovelaceada_LATE_123456_7892000_{NAME}-2.ipynb": "second"})
    assert collect(course).returncode != 0, "nbgrader overwrites only when it is told to"
    done = collect(course, "--force")
    assert done.returncode == 0, done.stderr
    assert collected(course)["lovelaceada_123456"] == {NOTEBOOK: "second"}
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        assert gradebook.find_student("lovelaceada_123456").lms_user_id == "123456"


@pytest.mark.slow
def test_two_downloads_of_moodle_are_told_in_one_line(course: Course) -> None:
    for archive in ("old.zip", "new.zip"):
        download(course, archive, {f"Ada_1_assignsubmission_file_{NOTEBOOK}": archive})
    done = collect(course)
    assert done.returncode == 1
    assert "Leave one download only in the archive folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (course.root / "submitted").exists()
