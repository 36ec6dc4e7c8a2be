"""The command ``report``: from a course folder with kept reports to the page of the class."""

import json
import shutil
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from autograder.cli import main
from autograder.cli.report import FOLDER
from autograder.cli.sample_class import copy_course
from autograder.course import Course
from autograder.grading import store
from autograder.report.model import Verdict
from tests.tools.course_folder import CHECKOUT, NAME, cell_of, place, released, solved
from tests.unit.report import rendered
from tests.unit.similarity.test_comparison import somebody


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    course = copy_course(CHECKOUT, tmp_path / "a course")
    shutil.copytree(CHECKOUT.root / "release" / NAME, course.root / "release" / NAME, dirs_exist_ok=True)
    monkeypatch.chdir(course.root)
    return course


def hand_in(
    course: Course, student: str, *, solution: bool = False, report: bool = True, feedback: bool = True
) -> None:
    nbformat.write(solved(course) if solution else released(course), place(course, student))
    if report:
        kept = store.Store(course.root / store.FOLDER, NAME)
        kept.put_student(student, rendered.report(rendered.partly_right(), verdict=Verdict.NOT_PASSED))
    if feedback:
        page = course.root / "feedback" / student / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text("<p>feedback</p>")


def test_it_writes_the_page_with_its_data_and_says_where(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    for student in ("ada", "bob", "cy d'Oré#1"):
        hand_in(course, student, solution=student != "ada")
    assert main(["report", NAME]) == 0
    told = capsys.readouterr().out
    assert "3 submissions, 3 judged; 3 for you to look at." in told, "the gradebook has none of them"
    for ending in ("html", "json", "csv"):
        path = course.root / FOLDER / f"{NAME}.{ending}"
        assert path.is_file()
        assert str(path) in told
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "so Excel shows every letter"


def test_links_are_relative_and_lead_to_the_pages(course: Course) -> None:
    for student in ("ada", "cy d'Oré#1"):
        hand_in(course, student)
    hand_in(course, "dan", feedback=False)
    assert main(["report", NAME]) == 0
    students = json.loads((course.root / FOLDER / f"{NAME}.json").read_text())["students"]
    links = {student["student"]: student["feedback"] for student in students}
    assert links["dan"] == ""
    for student in ("ada", "cy d'Oré#1"):
        assert links[student].startswith("../feedback/")
        assert "#" not in links[student]
        assert (course.root / FOLDER / unquote(links[student])).is_file()


def test_what_cannot_be_read_or_was_not_graded_is_in_it(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, "ada")
    hand_in(course, "bob", report=False)
    place(course, "cy").write_text("no notebook")
    assert main(["report", NAME]) == 0
    assert "3 submissions, 1 judged; 3 for you to look at." in capsys.readouterr().out


def test_who_wrote_the_same_is_told_but_not_who_wrote_nothing(course: Course) -> None:
    for student in ("ada", "bob"):
        hand_in(course, student, solution=True)
    for student in ("cy", "dan"):
        hand_in(course, student)
    assert main(["report", NAME]) == 0
    likeness = json.loads((course.root / FOLDER / f"{NAME}.json").read_text())["likeness"]
    assert likeness["compared"] == 2


def test_what_was_copied_from_an_earlier_class_is_shown_side_by_side(course: Course, tmp_path: Path) -> None:
    hand_in(course, "ada", solution=True)
    for number in range(8):
        notebook = solved(course)
        for name in ("execute", "handle_event", "server_handler"):
            cell_of(notebook, name).source = somebody(number)
        nbformat.write(notebook, place(course, f"student-{number}"))
    for year in ("2028", "2029"):
        shutil.copytree(course.root / "submitted" / "ada", tmp_path / year / "submitted" / f"eve of {year}")
    (tmp_path / "2028").rename(tmp_path / "2027")
    folders = ["--against", str(tmp_path / "2027"), "--against", str(tmp_path / "2029" / "submitted")]
    assert main(["report", NAME, *folders]) == 0
    likeness = json.loads((course.root / FOLDER / f"{NAME}.json").read_text())["likeness"]
    assert likeness["earlier"] == 2
    (group,) = likeness["groups"]
    assert group["students"] == ["2027/eve of 2028", "2029/eve of 2029", "ada"]
    rows = [row for pair in group["code"] for row in pair["rows"]]
    assert {row["kind"] for row in rows} >= {"alike", "known"}
    assert all(row["left"] == row["right"] for row in rows)
    assert "eve of 2028 and" in (course.root / FOLDER / f"{NAME}.html").read_text().replace("<wbr>", "")


def test_a_folder_of_an_earlier_class_that_is_not_there(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course, "ada")
    assert main(["report", NAME, "--against", str(tmp_path / "nowhere")]) == 2
    assert f"--against {tmp_path / 'nowhere'}: there is no such folder" in capsys.readouterr().err


def test_without_submissions_and_before_grading(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.root / "submitted").mkdir(exist_ok=True)
    assert main(["report", NAME]) == 2
    assert "there are no submissions of p2p_communication" in capsys.readouterr().err
    hand_in(course, "ada", report=False)
    assert main(["report", NAME]) == 2
    assert "python -m autograder grade p2p_communication" in capsys.readouterr().err
    assert not (course.root / FOLDER).exists()
