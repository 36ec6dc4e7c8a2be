"""The command ``feedback``: archives of pages, read as Moodle and Canvas read them."""

import random
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from autograder.cli import main
from autograder.cli.sample_class import copy_course
from autograder.course import Course
from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.gradebook import remember_lms_ids
from tests.tools.course_folder import CHECKOUT, NAME, place

pytestmark = pytest.mark.slow  # to make a gradebook takes seconds

MOODLE = {"Ada Lovelace_123": "123", "Zoë O'Neil_Müller_124": "124", "../Dan_125": "125"}
CANVAS = {"lovelaceada_11": "11", "anon_5dA12": "5dA12", "müllerzoë_13": "13", "group_7_14": "14"}
DOWNLOADED = {
    "11": ("lovelaceada_11_700_lab.ipynb", "lovelaceada_LATE_11_901_lab-1.ipynb"),
    "5dA12": ("anon_5dA12_702_lab.ipynb",),
    "13": ("müllerzoë_13_703_lab.zip/inside/lab.ipynb",),
    "14": ("group_7_14_704_lab.ipynb",),
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    course = copy_course(CHECKOUT, tmp_path / "a course")
    monkeypatch.chdir(course.root)
    return course


def hand_in(course: Course, student: str, page: str | None) -> None:
    """A submission, and a feedback page if there is a text for one."""
    folder = student.replace("/", "∕")
    place(course, folder).write_text("{}")
    if page is not None:
        path = course.root / "feedback" / folder / NAME / f"{NAME}.html"
        path.parent.mkdir(parents=True)
        path.write_text(f"<html>{page}</html>\n")


def a_class(course: Course, known: dict[str, str]) -> None:
    known = {student.replace("/", "∕"): number for student, number in known.items()}
    with same_search_paths():
        numbers = {student: number for student, number in known.items() if number.isdecimal()}
        remember_lms_ids(f"sqlite:///{course.root}/gradebook.db", numbers)
    for student, number in known.items():
        hand_in(course, student, f"page of {number}")
    hand_in(course, "by-hand", "page of nobody that an LMS knows")
    hand_in(course, "ungraded", None)
    hand_in(course, "torn", "x")
    (course.root / "feedback" / "torn" / NAME / f"{NAME}.html").write_text("<html> half of a pa")


def entries(*archives: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
            found |= {name: opened.read(name).decode() for name in opened.namelist()}
    return found


def as_moodle_reads(name: str) -> tuple[int, str, str, str]:
    """Participant, plugin and file, as importziplib.php of assignfeedback_file takes a path apart."""
    parts = list(PurePosixPath(name).parts)
    while parts:
        told = parts.pop(0).split("_", 4)
        if len(told) >= 4 and told[1].isdecimal():
            return int(told[1]), told[2], told[3], "/".join([*told[4:], *parts])
    raise AssertionError(name)


def as_canvas_reads(name: str) -> tuple[str, str]:
    """User and upload, as infer_comment_context_from_filename of abstract_assignment.rb takes a name apart."""
    parts = [part for part in PurePosixPath(name).name.split("_") if part != "LATE"]
    if parts[0] == "anon":
        return parts[1], parts[2]
    user, upload = [part for part in parts if part.isdecimal()][:2]
    return user, upload


def test_moodle_gives_each_page_to_whose_it_is(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    a_class(course, MOODLE)
    assert main(["feedback", NAME, "--for", "moodle"]) == 1
    told = capsys.readouterr().out
    archive = course.root / f"{NAME}-feedback-moodle.zip"
    assert str(archive) in told and "3 pages for Moodle, 3 left out" in told
    assert "by-hand: not collected" in told and "ungraded: there is no" in told and "torn: the feedback page" in told
    read = {as_moodle_reads(name): page for name, page in entries(archive).items()}
    assert read == {
        (int(number), "assignfeedback", "file", f"{NAME}.html"): f"<html>page of {number}</html>\n"
        for number in MOODLE.values()
    }


def test_canvas_gives_each_page_to_whose_it_is(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    a_class(course, CANVAS)
    hand_in(course, "11", "page of somebody whose folder has the name of another one's number")
    for paths in DOWNLOADED.values():
        for path in paths:
            file = course.root / "downloaded" / NAME / "extracted" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("{}")
    assert main(["feedback", NAME, "--for", "canvas", "--to", "given back"]) == 1
    assert "4 pages for Canvas, 4 left out" in capsys.readouterr().out
    read = {
        as_canvas_reads(name): page
        for name, page in entries(course.root / "given back" / f"{NAME}-feedback-canvas.zip").items()
    }
    uploads = {"11": "901", "5dA12": "702", "13": "703", "14": "704"}
    assert read == {(user, uploads[user]): f"<html>page of {user}</html>\n" for user in CANVAS.values()}


@pytest.mark.sampled(0)  # it takes a minute on a busy machine
def test_archives_are_no_larger_than_the_lms_takes(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = range(200, 206)
    a_class(course, {f"A_{number}": str(number) for number in numbers})
    for number in numbers:  # random bytes, which cannot be compressed
        page = course.root / "feedback" / f"A_{number}" / NAME / f"{NAME}.html"
        page.write_bytes(random.Random(number).randbytes(400_000) + b"</html>")
    assert main(["feedback", NAME, "--for", "moodle", "--megabytes", "1"]) == 1
    archives = sorted(course.root.glob(f"{NAME}-feedback-moodle*.zip"))
    assert [path.name.removeprefix(NAME) for path in archives] == [f"-feedback-moodle-{n}.zip" for n in (1, 2, 3)]
    assert all(path.stat().st_size <= 1 << 20 for path in archives)
    capsys.readouterr()
    assert main(["feedback", NAME, "--for", "moodle"]) == 1
    assert [path.name for path in course.root.glob("*.zip")] == [f"{NAME}-feedback-moodle.zip"], "the old ones are gone"


def test_nothing_to_give_back(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", NAME, "--for", "moodle"]) == 2
    hand_in(course, "by-hand", "x")
    assert main(["feedback", NAME, "--for", "canvas"]) == 2
    assert "no upload in the download of Canvas's" in capsys.readouterr().err
    assert not list(course.root.glob("*.zip"))
