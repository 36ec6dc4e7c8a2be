"""One truth for the grade: the same in the table, in all lists and on all pages; none while a person has to look."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.cli import main
from autograder.course import Course
from autograder.nbgrader_plugin.config import course_app
from autograder.nbgrader_plugin.convert import generate
from tests.services.nbgrader_plugin.test_grade_in_simulator import nbgrader
from tests.tools.course_folder import NAME, cell_of, make_course, place
from tests.tools.kept_reports import hand_in, keep
from tests.tools.written_answers import ESSAY, add_to_source, essay, extra_check, give, take_out_of_source, task

pytestmark = pytest.mark.slow

RULE = '''"""A course's own rule."""

from nbgrader.plugins import LateSubmissionPlugin


class TenthPerHour(LateSubmissionPlugin):
    """Takes off a tenth of the points for each hour."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """The points to take off."""
        return score * total_seconds_late / 36000
'''


def regenerate(course: Course) -> None:
    with course_app(course) as app:
        generate(app, NAME)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_course(tmp_path_factory.mktemp("plain") / "course")


@pytest.fixture(scope="module")
def with_essay(plain: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with an essay, and a rule for being late."""
    course = Course(Path(shutil.copytree(plain.root, tmp_path_factory.mktemp("essay") / "course")))
    add_to_source(course, essay())
    (course.root / "tenth_per_hour.py").write_text(RULE)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.AssignLatePenalties.plugin_class = "tenth_per_hour.TenthPerHour"\n')
    regenerate(course)
    assert nbgrader(course, "db", "assignment", "add", NAME, "--duedate=2030-01-01 12:00:00 UTC").returncode == 0
    return course


def copied(course: Course, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    copy = Course(Path(shutil.copytree(course.root, folder / "course")))
    monkeypatch.chdir(copy.root)
    return copy


@pytest.fixture
def course(with_essay: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    return copied(with_essay, tmp_path, monkeypatch)


@pytest.fixture
def without_essay(plain: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    return copied(plain, tmp_path, monkeypatch)


def wrote(text: str) -> Callable[[NotebookNode], None]:
    """Write something into the essay."""
    return lambda notebook: cell_of(notebook, ESSAY).update(source=text)


def rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            row[key].removesuffix("'"): row for row in csv.DictReader(file) if row[key].strip() != "Points Possible"
        }


class Text(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(course: Course, student: str) -> str:
    """The text of a feedback page; empty when there is none."""
    page = course.root / "feedback" / student / NAME / f"{NAME}.html"
    return " ".join(Text(page.read_text(encoding="utf-8")).text.split()) if page.exists() else ""


def told(course: Course, student: str) -> dict[str, str]:
    """What each place tells as a student's grade; empty where it tells none."""
    assert main(["report", NAME]) == 0
    class_page = json.loads((course.root / "class-report" / f"{NAME}.json").read_text())
    points = next(one for one in class_page["students"] if one["student"] == student)["points"]
    found = {
        "checks": rows(course.root / "checks.csv", "student")[student]["points"],
        "class page": "" if points is None else f"{points:g}",
        "grades": rows(course.root / "grades.csv", "student_id")[student]["score"],
        "Canvas": rows(course.root / "grades-canvas.csv", "SIS Login ID")[student][NAME],
        "Moodle": rows(course.root / "grades-moodle.csv", "ID number")[student]["Grade"],
    }
    if page := page_of(course, student):
        shown = re.search(r"([\d.]+) of [\d.]+ points( so far)?", page)
        assert shown
        found["feedback"] = "" if shown[2] else shown[1]
    return {place: f"{float(text):g}" if text else "" for place, text in found.items()}


def same_everywhere(course: Course, student: str) -> str:
    found = told(course, student)
    assert len(set(found.values())) == 1, found
    return found["checks"]


def line_of(table: str, student: str) -> str:
    return next(line for line in table.splitlines() if line.split()[:1] == [student])


def test_every_place_tells_the_same_grade_and_what_it_is_made_of(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course, "ada")
    hand_in(course, "ben", change=wrote("Since it must."))
    hand_in(course, "cleo", "2030-01-01 13:30:00 UTC", change=wrote("Since it is asked."))
    assert main(["grade", NAME]) == 1
    first = capsys.readouterr().out
    assert "12?/17" in line_of(first, "ben") and "not read yet" in line_of(first, "ben")
    assert "1 submissions graded" not in first and "2 for you to look at" in first
    assert same_everywhere(course, "ada") == "12"
    assert same_everywhere(course, "ben") == ""
    assert "This is not your grade yet" in page_of(course, "ben")

    give(course, "ben", ESSAY, 4)
    give(course, "cleo", ESSAY, 3)
    give(course, "cleo", "test_execute", 0, extra=3)
    capsys.readouterr()
    assert main(["grade", NAME]) == 0
    table = capsys.readouterr().out
    assert "16/17" in line_of(table, "ben")
    assert "8 by rubric, 3 by hand, 3 extra credit, 2.1 off for being late" in line_of(table, "cleo")
    assert same_everywhere(course, "ben") == "16"
    assert same_everywhere(course, "cleo") == "11.9"
    page = page_of(course, "cleo")
    assert "Your instructor gave 0 of 4 points by hand. They stand in place of the 4 points of these checks." in page
    assert "✓ passed 0 of 4" not in page
    made_of = rows(course.root / "checks.csv", "student")["cleo"]
    of = {name: made_of[name] for name in ("by_rubric", "by_hand", "extra_credit", "late_penalty", "state")}
    assert list(of.values()) == ["8.0", "3.0", "3.0", "2.1", "graded"], of
    assert made_of[ESSAY] == "3.0"


def test_what_a_person_has_to_look_at_is_exported_by_nbgrader_itself_without_a_grade(course: Course) -> None:
    hand_in(course, "ada")
    hand_in(course, "ben", change=wrote("Since it must."))
    assert nbgrader(course, "autograde", NAME).returncode == 0
    assert nbgrader(course, "export").returncode == 0
    grades = rows(course.root / "grades.csv", "student_id")
    assert (grades["ada"]["score"], grades["ben"]["score"]) == ("12.0", "")


def test_points_by_hand_are_no_grade_of_a_notebook_that_cannot_be_graded(
    without_essay: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course = without_essay
    hand_in(course, "ada")
    assert main(["grade", NAME, "--no-feedback"]) == 0
    give(course, "ada", "test_execute", 2.5)
    assert main(["grade", NAME, "--no-feedback"]) == 0
    assert same_everywhere(course, "ada") == "10.5"
    place(course, "ada").write_text("oops")
    capsys.readouterr()
    assert main(["grade", NAME, "--no-feedback"]) == 1
    line = line_of(capsys.readouterr().out, "ada")
    assert "2.5?/12" in line and "10.5 → cannot be graded" in line
    assert same_everywhere(course, "ada") == ""


def test_points_by_hand_stand_for_the_same_notebook_and_wait_for_a_look_at_another_one(
    without_essay: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course = without_essay
    hand_in(course, "ada")
    assert main(["grade", NAME]) == 0
    give(course, "ada", "test_execute", 1)
    place(course, "ada").with_name("timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    assert main(["grade", NAME]) == 0
    assert same_everywhere(course, "ada") == "9"
    hand_in(course, "ada", remark="a newer one")
    capsys.readouterr()
    assert main(["grade", NAME]) == 1
    line = line_of(capsys.readouterr().out, "ada")
    assert "to be looked at: test_execute" in line
    assert "9 → to be looked at: another notebook" in line
    assert same_everywhere(course, "ada") == ""
    give(course, "ada", "test_execute", 1)
    assert main(["grade", NAME]) == 0
    assert same_everywhere(course, "ada") == "9"


def state(course: Course) -> dict[str, bytes]:
    """All files that grading writes, but for what it keeps by content."""
    return {
        str(path.relative_to(course.root)): path.read_bytes()
        for path in course.root.rglob("*")
        if path.is_file() and not {"by-key", "runs", "__pycache__"} & set(path.parts) and path.suffix != ".log"
    }


def test_a_dry_run_shows_what_would_change_and_writes_nothing(
    without_essay: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course = without_essay
    hand_in(course, "ada")
    hand_in(course, "ben", untouched=("server_handler",))
    assert main(["grade", NAME, "--dry-run"]) == 0
    assert "It would change 2 grades" in capsys.readouterr().out
    assert not (course.root / "autograded").exists()
    assert main(["grade", NAME]) == 0
    hand_in(course, "ben", remark="better")
    place(course, "ada").write_text("oops")
    before = state(course)
    capsys.readouterr()
    assert main(["grade", NAME, "--dry-run"]) == 1
    table = capsys.readouterr().out
    assert "8 → 12: another notebook" in line_of(table, "ben")
    assert "12 → cannot be graded" in line_of(table, "ada")
    assert state(course) == before
    assert main(["grade", NAME]) == 1
    assert "8 → 12: another notebook" in line_of(capsys.readouterr().out, "ben")
    assert (same_everywhere(course, "ben"), same_everywhere(course, "ada")) == ("12", "")


def test_a_course_that_was_changed_after_it_was_handed_out_grades_old_submissions(
    without_essay: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course = without_essay
    hand_in(course, "ada")
    hand_in(course, "ben")
    assert main(["grade", NAME, "--no-feedback", "--student", "ada"]) == 0
    add_to_source(course, essay(), task(), after="test_execute")
    regenerate(course)
    for student in ("ada", "ben"):
        keep(course, place(course, student).parent)
    assert nbgrader(course, "autograde", NAME, "--force").returncode == 0
    capsys.readouterr()
    assert main(["grade", NAME]) == 1
    table = capsys.readouterr().out
    for student in ("ada", "ben"):
        assert "12?/19" in line_of(table, student)
        assert "not read yet: essay task" in line_of(table, student)
        assert same_everywhere(course, student) == ""
        give(course, student, ESSAY, 1)
        give(course, student, "task", 2)
    assert main(["grade", NAME]) == 0
    assert same_everywhere(course, "ada") == "15"

    take_out_of_source(course, ESSAY)
    assert main(["release", NAME]) == 2
    assert "points or comments were given there by hand (ada, ben)" in capsys.readouterr().err
    for student in ("ada", "ben"):
        give(course, student, ESSAY, None)
    assert main(["release", NAME]) == 0
    for student in ("ada", "ben"):
        keep(course, place(course, student).parent)
    assert main(["grade", NAME]) == 0
    assert same_everywhere(course, "ada") == "14"


def test_nobody_gets_points_for_a_check_cell_that_nobody_runs(
    without_essay: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course = without_essay
    add_to_source(course, extra_check())
    regenerate(course)
    hand_in(course, "ada")
    assert main(["verify", NAME]) == 1
    assert "cell test_extra" in capsys.readouterr().out
    assert main(["grade", NAME]) == 1
    assert "not read yet: test_extra" in line_of(capsys.readouterr().out, "ada")
    assert same_everywhere(course, "ada") == ""
    assert nbgrader(course, "autograde", NAME, "--force").returncode == 0
    assert nbgrader(course, "export").returncode == 0
    assert rows(course.root / "grades.csv", "student_id")["ada"]["score"] == ""
