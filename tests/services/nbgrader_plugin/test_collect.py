"""``nbgrader zip_collect`` with downloads as Moodle and Canvas make them, and what grading then sees."""

import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePath

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.nbgrader_plugin.collect import AmbiguousDownload, choose
from autograder.nbgrader_plugin.lms_names import Upload, name_in, number_of_copy, read_path
from autograder.nbgrader_plugin.submitted import submissions
from tests.tools.course_folder import CHECKOUT, NAME, PATIENCE

NOTEBOOK = f"{NAME}.ipynb"


@pytest.mark.parametrize(
    ("path", "upload"),
    [
        (f"Ada Lovelace_1234567_assignsubmission_file_{NOTEBOOK}", Upload("Ada Lovelace_1234567", "1234567", NOTEBOOK)),
        ("Ada Lovelace_12_assignsubmission_file_/a.ipynb", Upload("Ada Lovelace_12", "12", "a.ipynb", 0, 1)),
        ("Ada Lovelace_12_assignsubmission_file/a.ipynb", Upload("Ada Lovelace_12", "12", "a.ipynb", 0, 1)),
        ("x/Ada_12_assignsubmission_file_hw/b/a.ipynb", Upload("Ada_12", "12", "a.ipynb", 0, 2, "x")),
        ("Зоя  Ü_12_assignsubmission_file_a.ipynb", Upload("Зоя Ü_12", "12", "a.ipynb")),
        ("Participant_12_assignsubmission_file_a.ipynb", Upload("Participant_12", "12", "a.ipynb")),
        ("Al_Ko_12_assignsubmission_file_B_3_assignsubmission_file_a.ipynb", None),
        ("Ada Lovelace_12_assignsubmission_onlinetext_onlinetext.html", None),
        ("Ada Lovelace_12_assignsubmission_onlinetext_/onlinetext.html", None),
        ("Ada Lovelace_12_assignsubmission_file_", None),
        (f"lovelaceada_123456_7891011_{NOTEBOOK}", Upload("lovelaceada_123456", "123456", NOTEBOOK, 7891011)),
        ("lovelaceada_LATE_123456_78_a-2.ipynb", Upload("lovelaceada_123456", "123456", "a-2.ipynb", 78)),
        ("de_la_cruzjuan_3_4_a.ipynb", Upload("de_la_cruzjuan_3", "3", "a.ipynb", 4)),
        ("LATE_anon_AbC12_4_a.ipynb", Upload("anon_AbC12", "AbC12", "a.ipynb", 4)),
        ("lovelaceada_3_4_hw/a.ipynb", Upload("lovelaceada_3", "3", "a.ipynb", 4, 1)),
        ("a.ipynb", None),
        ("submissions/a.ipynb", None),
    ],
)
def test_what_a_name_tells(path: str, upload: Upload | None) -> None:
    found = read_path(PurePath(path))
    if "B_3" in path:  # the file's name is the student's to choose, so it must not name another student
        assert found is not None and found.student == "Al_Ko_12"
    else:
        assert found == upload


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    ids = {
        found.student
        for form in ("NFC", "NFD")
        if (found := read_path(PurePath(unicodedata.normalize(form, "Zoë_1_assignsubmission_file_a.ipynb"))))
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("file", "copy"),
    [
        ("lab.ipynb", 0),
        ("lab-2.ipynb", 2),
        ("lab (3).ipynb", 3),
        ("lab(3).ipynb", 3),
        ("lab2.ipynb", None),
        ("lab-x.ipynb", None),
        ("my lab.ipynb", None),
        ("lab.ipynb.txt", None),
    ],
)
def test_copies(file: str, copy: int | None) -> None:
    assert number_of_copy(file, "lab.ipynb") == copy


@pytest.mark.parametrize(
    ("student", "number", "name"),
    [("Ada Lovelace_12", "12", "Ada Lovelace"), ("ada", "12", ""), ("ada_12", "", ""), ("anon_AbC12", "AbC12", "anon")],
)
def test_the_name_in_an_id(student: str, number: str, name: str) -> None:
    assert name_in(student, number) == name


def chosen(*paths: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for file, name in choose(map(PurePath, paths), ["lab.ipynb"]):
        found.setdefault(file.upload.student, []).append((str(file.path), name))
    return found


def test_the_newest_counts() -> None:
    assert chosen("c/ada_1_9_lab.ipynb", "c/ada_LATE_1_10_lab-1.ipynb", "c/ada_1_8_lab-2.ipynb") == {
        "ada_1": [("c/ada_LATE_1_10_lab-1.ipynb", "lab.ipynb")]
    }
    folder = "m/Ada_1_assignsubmission_file_"
    assert chosen(f"{folder}/lab.ipynb", f"{folder}/lab (1).ipynb", f"{folder}/old/lab (1).ipynb") == {
        "Ada_1": [(f"{folder}/lab (1).ipynb", "lab.ipynb")]
    }


def test_who_has_no_such_notebook_is_not_passed_over() -> None:
    assert chosen("ada_1_2_Untitled.ipynb", "ada_1_3_notes.txt", "bob_4_5_lab.pdf", "bob_4_6_timestamp.txt") == {
        "ada_1": [("ada_1_2_Untitled.ipynb", "Untitled.ipynb")],
        "bob_4": [("bob_4_5_lab.pdf", "lab.pdf")],
    }


def test_what_computers_leave_behind_is_no_submission() -> None:
    folder = "Ada_1_assignsubmission_file_"
    assert chosen(f"{folder}/__MACOSX/lab.ipynb", f"{folder}/.ipynb_checkpoints/lab.ipynb", ".DS_Store") == {}


def test_two_downloads_of_a_student_are_told() -> None:
    with pytest.raises(AmbiguousDownload, match="Leave one download only"):
        chosen("a/Ada_1_assignsubmission_file_lab.ipynb", "b/Ada_1_assignsubmission_file_lab.ipynb")


def test_a_download_that_is_named_like_a_student_is_told() -> None:
    with pytest.raises(AmbiguousDownload, match="give it another name"):
        chosen("course_2024_11_24/ada_1_2_lab.ipynb")


def test_a_name_in_an_archive_of_a_students_names_nobody_else() -> None:
    assert chosen("c/ada_1_2_hw/bob_3_4_lab.ipynb", "c/bob_3_4_lab.ipynb") == {
        "ada_1": [("c/ada_1_2_hw/bob_3_4_lab.ipynb", "bob_3_4_lab.ipynb")],
        "bob_3": [("c/bob_3_4_lab.ipynb", "lab.ipynb")],
    }


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
