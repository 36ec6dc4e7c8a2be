"""The lists for Moodle and Canvas, written by ``nbgrader export`` and read back."""

import csv
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.gradebook import remember_lms_ids, withhold
from autograder.nbgrader_plugin.lms_export import CanvasCsv, MoodleCsv

NAME = "p2p_communication"


pytestmark = pytest.mark.slow  # to make a gradebook takes seconds


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with students of all kinds."""
    path = tmp_path_factory.mktemp("template") / "gradebook.db"
    url = f"sqlite:///{path}"
    with same_search_paths(), Gradebook(url) as gradebook:
        for assignment in (NAME, "another"):
            gradebook.add_assignment(assignment)
            gradebook.add_notebook(assignment, assignment)
            gradebook.add_grade_cell("test_execute", assignment, assignment, max_score=12, cell_type="code")
    remember_lms_ids(url, {"Ada Lovelace_123": "123", "Zoë Müller_124": "124", "=cmd()_125": "125"})
    with Gradebook(url) as gradebook:
        gradebook.add_student("ada_126", email="ada@example.org", first_name="Ada", last_name="Byron")
        gradebook.add_student("nobody")
    for student, points in (("Ada Lovelace_123", 7.5), ("=cmd()_125", 0), ("ada_126", 12)):
        enter(url, student, points)
    withhold(url, NAME, "Zoë Müller_124")
    return path


@pytest.fixture
def db_url(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The gradebook, to change."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(template, tmp_path)
    return f"sqlite:///{tmp_path / template.name}"


def enter(db_url: str, student: str, points: float, penalty: float = 0) -> None:
    with Gradebook(db_url) as gradebook:
        submission = gradebook.update_or_create_submission(NAME, student)
        (notebook,) = submission.notebooks
        (grade,) = notebook.grades
        grade.auto_score, grade.needs_manual_grade, notebook.late_submission_penalty = points, False, penalty
        gradebook.db.commit()


def exported(kind: type, db_url: str, **settings: object) -> list[list[str]]:
    plugin = kind()
    for name, value in {"to": "list.csv", "assignment": [NAME], **settings}.items():
        setattr(plugin, name, value)
    with Gradebook(db_url) as gradebook:
        plugin.export(gradebook)
    with Path("list.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_moodle(db_url: str) -> None:
    header, *students = exported(MoodleCsv, db_url)
    assert header == ["Identifier", "Full name", "Email address", "ID number", "Grade", "Last modified (grade)"]
    assert sorted(students) == [
        ["", "Ada Byron", "ada@example.org", "ada_126", "12", ""],
        ["Participant 123", "Ada Lovelace", "", "", "7.5", ""],
        ["Participant 124", "Zoë Müller", "", "", "", ""],
        ["Participant 125", "'=cmd()", "", "", "0", ""],
    ]


def test_canvas(db_url: str) -> None:
    header, possible, *students = exported(CanvasCsv, db_url)
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME]
    assert possible == ["    Points Possible", "", "", "", "", "12"]
    assert sorted(students) == [
        ["'=cmd()", "125", "", "", "", "0"],
        ["Ada Lovelace", "123", "", "", "", "7.5"],
        ["Byron, Ada", "", "", "ada_126", "", "12"],
        ["Zoë Müller", "124", "", "", "", ""],
    ]


def test_a_late_penalty_is_taken_off(db_url: str) -> None:
    enter(db_url, "ada_126", 12, penalty=2.5)
    (student,) = exported(CanvasCsv, db_url, student=["ada_126"])[2:]
    assert student[-1] == "9.5"


def test_several_assignments(db_url: str) -> None:
    header, *students = exported(MoodleCsv, db_url, assignment=[])
    assert sorted(header[4:6]) == ["another", NAME]
    assert {tuple(sorted(student[4:6])) for student in students} == {("", "0"), ("", "7.5"), ("", "12"), ("", "")}


def test_what_a_person_has_recorded_stays(db_url: str) -> None:
    with Gradebook(db_url) as gradebook:
        gradebook.find_student("Ada Lovelace_123").lms_user_id = "s999"
        gradebook.db.commit()
    remember_lms_ids(db_url, {"Ada Lovelace_123": "123"})
    (student,) = exported(CanvasCsv, db_url, student=["Ada Lovelace_123"])[2:]
    assert student[:2] == ["Ada Lovelace_123", "s999"]
