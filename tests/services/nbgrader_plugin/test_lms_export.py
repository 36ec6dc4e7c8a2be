"""The lists for Moodle and Canvas, written by ``nbgrader export`` and read back."""

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.export import GradesCsv
from autograder.nbgrader_plugin.gradebook import remember_lms_ids, withhold
from autograder.nbgrader_plugin.lms_export import CanvasCsv, MoodleCsv
from autograder.nbgrader_plugin.lms_languages import LANGUAGES

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


def exported(kind: type, db_url: str, language: str = "en", **settings: object) -> list[list[str]]:
    app = ExportApp(coursedir=CourseDirectory(root=str(Path.cwd())))
    plugin = kind(parent=app, config=Config(CourseList={"language": language}))
    for name, value in {"to": "list.csv", "assignment": [NAME], **settings}.items():
        setattr(plugin, name, value)
    with Gradebook(db_url) as gradebook:
        plugin.export(gradebook)
    with Path("list.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def add(db_url: str, student: str, **told: str) -> None:
    """Somebody else, with a grade."""
    with Gradebook(db_url) as gradebook:
        gradebook.add_student(student, **told)
    enter(db_url, student, 5)


def test_moodle(db_url: str) -> None:
    header, *students = exported(MoodleCsv, db_url)
    assert header == ["Identifier", "Full name", "Email address", "ID number", "Grade", "Last modified (grade)"]
    assert sorted(student[:-1] for student in students) == [
        ["", "Ada Byron", "ada@example.org", "ada_126", "12"],
        ["Participant 123", "Ada Lovelace", "", "", "7.5"],
        ["Participant 124", "Zoë Müller", "", "", ""],
        ["Participant 125", "'=cmd()", "", "", "0"],
    ]


def test_moodle_takes_a_second_upload(db_url: str) -> None:
    """It passes over grades that it has already, unless the worksheet is newer."""
    changed = {student[1]: student[-1] for student in exported(MoodleCsv, db_url)[1:]}
    assert changed.pop("Zoë Müller") == "", "there is no grade"
    for told in changed.values():
        then = datetime.strptime(told, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
        assert timedelta(0) <= datetime.now(UTC) - then < timedelta(minutes=1)


def test_moodle_in_any_language_finds_columns_and_numbers(db_url: str) -> None:
    for name, words in LANGUAGES.items():
        header, student = exported(MoodleCsv, db_url, language=name, student=["Ada Lovelace_123"])
        row = dict(zip(header, student, strict=True))
        # So Moodle reads it: it cuts as many bytes as its own word has.
        number = row[words.identifier].encode()[len(words.participant.encode()) :]
        assert (number, row[words.grade], bool(row[words.changed])) == (b"123", "7.5", True), name


def test_moodle_knows_people_by_addresses_and_ids_of_any_beginning(db_url: str) -> None:
    for student in ("cleo@example.org", "-dan", "+49123", "@eva", "=finn", "=cmd|' /C calc'!A0"):
        add(db_url, student)
    add(db_url, "gus", lms_user_id="gus@example.org")
    found = {student[2] or student[3]: student[2:4] for student in exported(MoodleCsv, db_url)[1:]}
    assert found["cleo@example.org"] == ["cleo@example.org", ""]
    assert found["gus@example.org"] == ["gus@example.org", ""]
    for student in ("-dan", "+49123", "@eva", "=finn", "'=cmd|' /C calc'!A0"):
        assert found[student] == ["", student]


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


def test_canvas_knows_people_by_what_is_theirs(db_url: str) -> None:
    for student in ("cleo@example.org", "-dan"):
        add(db_url, student)
    for lms_id in ("gus@example.org", "5dA12", "=s999", "77"):
        add(db_url, f"somebody {lms_id}", lms_user_id=lms_id)
    found = {student[0]: student[1:4] for student in exported(CanvasCsv, db_url)[2:]}
    assert found["cleo@example.org"] == ["", "", "cleo@example.org"]
    assert found["'-dan"] == ["", "", "-dan"]
    assert found["somebody gus@example.org"] == ["", "", "gus@example.org"]
    assert found["somebody 5dA12"] == ["", "5dA12", ""], "Canvas would read it as the number 5"
    assert found["somebody =s999"] == ["", "=s999", ""]
    assert found["somebody 77"] == ["77", "", ""]


def test_the_list_for_people_opens_in_excel(db_url: str) -> None:
    exported(GradesCsv, db_url)
    assert Path("list.csv").read_bytes().startswith(b"\xef\xbb\xbfassignment,")
    exported(GradesCsv, db_url, language="de")
    with Path("list.csv").open(encoding="utf-8-sig", newline="") as file:
        scores = {row["student_id"]: row["score"] for row in csv.DictReader(file, delimiter=";")}
    assert (scores["Ada Lovelace_123"], scores["Zoë Müller_124"]) == ("7,5", "")


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
    assert student[:3] == ["Ada Lovelace_123", "", "s999"]
