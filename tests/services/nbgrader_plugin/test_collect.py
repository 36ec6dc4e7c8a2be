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
from autograder.nbgrader_plugin.config import course_app
from autograder.nbgrader_plugin.lateness import lateness
from autograder.nbgrader_plugin.submitted import submissions
from autograder.roster.class_list import ClassList
from autograder.submission.model import Problem
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


@pytest.mark.slow
def test_teams_typed_texts_and_times_with_a_roster(course: Course) -> None:
    roster = course.root / "roster"
    roster.mkdir()
    (roster / "class.csv").write_text(
        "First name,Last name,Email address,Groups\nAda,Lovelace,ada@x.org,Red Dragons\n"
        "Bob,Ross,bob@x.org,Red Dragons\nCy,Cox,cy@x.org,\nDan,Dy,dan@x.org,\n"
    )
    (roster / f"{NAME}.csv").write_text(
        "Identifier,Full name,Email address,Last modified (submission)\n"
        'Participant 17,Ada Lovelace,ada@x.org,"Tuesday, 1 January 2030, 1:05 PM"\n'
        'Participant 18,Bob Ross,bob@x.org,"Tuesday, 1 January 2030, 1:05 PM"\nParticipant 19,Cy Cox,cy@x.org,-\n'
    )
    (roster / "rules.toml").write_text('timezone = "Europe/Berlin"')
    download(
        course,
        "class.zip",
        {
            f"Red Dragons_18_assignsubmission_file/{NOTEBOOK}": "theirs",
            "Cy Cox_19_assignsubmission_onlinetext/onlinetext.html": "<p>sorry</p>",
            f"Default group_assignsubmission_file/{NOTEBOOK}": "some others'",
        },
    )
    done = collect(course)
    assert done.returncode == 0, done.stderr
    together = {NOTEBOOK: "theirs", "timestamp.txt": "2030-01-01 12:05:00"}
    assert collected(course) == {
        "Ada Lovelace_17": together,
        "Bob Ross_18": together,
        "Cy Cox_19": {"onlinetext.html": "<p>sorry</p>"},
        "Default group": {NOTEBOOK: "some others'"},
    }
    assert "Cy Cox_19: no p2p_communication.ipynb; collected in its place: onlinetext.html" in done.stdout
    assert "Red Dragons_18: a team's, which goes to Ada Lovelace, Bob Ross" in done.stdout
    assert "Default group: a team's" in done.stdout
    assert "Not handed in (1 of 4 in the roster): Dan Dy" in done.stdout
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        known = {one.id: (one.lms_user_id, one.email) for one in gradebook.students}
    assert known == {
        "Ada Lovelace_17": ("17", "ada@x.org"),
        "Bob Ross_18": ("18", "bob@x.org"),
        "Cy Cox_19": ("19", "cy@x.org"),
        "Default group": (None, None),
    }


@pytest.mark.slow
def test_late_and_anonymous_students_of_canvas(course: Course) -> None:
    download(
        course,
        "submissions.zip",
        {
            f"anon_5dA12_9_{NOTEBOOK}": "somebody's",
            f"group_7_1234_8_{NOTEBOOK}": "theirs",
            f"lovelaceada_LATE_12_7_{NOTEBOOK}": "ada's",
            "rossbob_LATE_13_text.html": "<p>sorry</p>",
        },
    )
    done = collect(course)
    assert done.returncode == 0, done.stderr
    assert set(collected(course)) == {"anon_5dA12", "group_7_1234", "lovelaceada_12", "rossbob_13"}
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        known = {one.id: one.lms_user_id for one in gradebook.students}
    assert known == {"anon_5dA12": None, "group_7_1234": "1234", "lovelaceada_12": "12", "rossbob_13": "13"}
    with course_app(course) as app:
        submitted = submissions(app.coursedir, NAME)
        of_class = ClassList.read(course.root, NAME, [one.student for one in submitted])
        late = lateness(app, course, of_class, submitted)
    assert late == dict.fromkeys(["lovelaceada_12", "rossbob_13"], "late, says the LMS")


@pytest.mark.slow
def test_folders_in_another_case_are_told(course: Course) -> None:
    download(course, "class.zip", {f"ada_1_2_{NOTEBOOK}": "ada's"})
    other = course.root / "submitted" / "bob" / NAME.upper()
    other.mkdir(parents=True)
    (other / NOTEBOOK).write_text("bob's")
    (bob,) = submissions(CourseDirectory(root=str(course.root)), NAME)
    assert bob.refused == Problem.fatal("folder.capitals", folder=NAME.upper(), wanted=NAME)
    (course.root / "downloaded" / NAME).rename(course.root / "downloaded" / NAME.upper())
    done = collect(course)
    assert "Nothing was collected: there is no folder" in done.stdout
    assert f"Capitals count: {course.root / 'downloaded' / NAME.upper() / 'archive'} is not it." in done.stdout


@pytest.mark.sampled(0)  # it takes a minute on a busy machine
@pytest.mark.slow
def test_a_download_beside_the_folder_for_it_is_told(course: Course) -> None:
    download(course, "class.zip", {f"ada_1_2_{NOTEBOOK}": "ada's"})
    archive = course.root / "downloaded" / NAME / "archive"
    (archive / "class.zip").rename(archive.with_name("class.zip"))
    for why in ("there is nothing in", "there is no folder"):
        done = collect(course)
        assert f"Nothing was collected: {why} {archive}. Put into it what is beside it: class.zip" in done.stdout
        shutil.rmtree(archive, ignore_errors=True)
