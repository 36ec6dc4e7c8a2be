"""Whoever has not handed in has no grade in any list, and 0 points in every list where the rules ask for that."""

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.export import GradesCsv
from autograder.nbgrader_plugin.gradebook import remember_lms_ids
from autograder.nbgrader_plugin.lms_export import CanvasCsv, MoodleCsv
from tests.services.nbgrader_plugin.test_lms_export import NAME, enter, exported
from tests.tools.course_folder import place

pytestmark = pytest.mark.slow  # to make a gradebook takes seconds

OTHER = "another"
PEOPLE = (("Ada", "Lovelace"), ("Bob", "Ross"), ("Cy", "Cox"), ("Dan", "Dy"))
CLASS = "First name,Last name,Email address\n" + "".join(
    f"{first},{last},{first.lower()}@x.org\n" for first, last in PEOPLE
)
WORKSHEET = (
    "Identifier,Full name,Email address,Last modified (submission)\n"
    "Participant 17,Ada Lovelace,ada@x.org,-\nParticipant 18,Bob Ross,bob@x.org,-\nParticipant 19,Cy Cox,cy@x.org,-\n"
    'Participant 20,Dan Dy,dan@x.org,"Tuesday, 1 January 2030, 1:05 PM"\n'
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook in which ada has a grade; bob handed in another assignment, where he has another number."""
    path = tmp_path_factory.mktemp("template") / "gradebook.db"
    url = f"sqlite:///{path}"
    with same_search_paths(), Gradebook(url) as gradebook:
        for assignment in (NAME, OTHER):
            gradebook.add_assignment(assignment)
            gradebook.add_notebook(assignment, assignment)
            gradebook.add_grade_cell("test_execute", assignment, assignment, max_score=12, cell_type="code")
    remember_lms_ids(url, {"Ada Lovelace_17": "17", "Bob Ross_19": "19"}, {"Bob Ross_19": "bob@x.org"})
    enter(url, "Ada Lovelace_17", 7)
    with Gradebook(url) as gradebook:
        gradebook.update_or_create_submission(OTHER, "Bob Ross_19")
    return path


@pytest.fixture
def db_url(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The gradebook, in a course folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(template, tmp_path)
    return f"sqlite:///{tmp_path / template.name}"


def zero_for_absent(*, asked: bool = True) -> None:
    Path("roster").mkdir(exist_ok=True)
    Path("roster", "rules.toml").write_text(f"absent_get_zero = {str(asked).lower()}")


def write_roster(*, worksheet: bool = True) -> None:
    Path("roster").mkdir(exist_ok=True)
    Path("roster", "class.csv").write_text(CLASS)
    if worksheet:
        Path("roster", f"{NAME}.csv").write_text(WORKSHEET)


def moodle(db_url: str, *assignments: str) -> dict[str, tuple[str, ...]]:
    """By name the number and the grades."""
    _, *students = exported(MoodleCsv, db_url, assignment=list(assignments or (NAME,)))
    return {student[1]: (student[0], *student[4:-1]) for student in students}


def canvas(db_url: str) -> dict[str, tuple[str, ...]]:
    """By name the columns in which an id can stand, and the grade."""
    return {student[0]: (*student[1:4], student[5]) for student in exported(CanvasCsv, db_url)[2:]}


def plain(db_url: str) -> dict[str, str]:
    header, *students = exported(GradesCsv, db_url)
    return {
        row["student_id"]: row["score"] for student in students for row in [dict(zip(header, student, strict=True))]
    }


def test_unless_asked_for_nobody_gets_anything(db_url: str) -> None:
    write_roster()
    zero_for_absent(asked=False)
    assert moodle(db_url) == {"Ada Lovelace": ("Participant 17", "7")}
    assert set(canvas(db_url)) == {"Ada Lovelace"}
    assert plain(db_url) == {"Ada Lovelace_17": "7.0", "Bob Ross_19": ""}


def test_who_is_absent_has_0_in_every_list_and_who_the_lms_says_has_handed_in_has_not(db_url: str) -> None:
    write_roster()
    zero_for_absent()
    listed = {"Bob Ross": ("Participant 18", "0"), "Cy Cox": ("Participant 19", "0")}
    assert moodle(db_url) == {"Ada Lovelace": ("Participant 17", "7"), **listed}
    assert canvas(db_url) == {
        "Ada Lovelace": ("17", "", "", "7"),
        "Bob Ross": ("18", "", "", "0"),
        "Cy Cox": ("19", "", "", "0"),
    }
    assert plain(db_url) == {"Ada Lovelace_17": "7.0", "Bob Ross_19": "0.0", "Cy Cox_19": "0.0"}


def test_whose_time_cannot_be_read_is_not_absent(db_url: str) -> None:
    write_roster()
    zero_for_absent()
    told = WORKSHEET.replace("Tuesday, 1 January 2030, 1:05 PM", "Dienstag, 1. Januar 2030, 13:05")
    Path("roster", f"{NAME}.csv").write_text(told)
    assert set(moodle(db_url)) == {"Ada Lovelace", "Bob Ross", "Cy Cox"}


def test_without_numbers_the_lms_finds_who_is_absent_by_the_address(db_url: str) -> None:
    write_roster(worksheet=False)
    zero_for_absent()
    _, *students = exported(MoodleCsv, db_url)
    assert ["", "Cy Cox", "cy@x.org", "", "0"] in [student[:-1] for student in students]
    assert canvas(db_url)["Cy Cox"] == ("", "", "cy@x.org", "0")


def test_in_a_list_of_several_assignments_everybody_has_one_line(db_url: str) -> None:
    write_roster(worksheet=False)
    zero_for_absent()
    header = exported(MoodleCsv, db_url, assignment=[])[0][4:-1]
    grades = {name: dict(zip(header, told[1:], strict=True)) for name, told in moodle(db_url, NAME, OTHER).items()}
    assert grades == {
        "Ada Lovelace": {NAME: "7", OTHER: "0"},
        "Bob Ross": {NAME: "0", OTHER: ""},
        "Cy Cox": {NAME: "0", OTHER: "0"},
        "Dan Dy": {NAME: "0", OTHER: "0"},
    }


def test_who_handed_in_and_was_not_graded_yet_is_not_absent(db_url: str) -> None:
    zero_for_absent()
    place(Course(Path.cwd()), "Bob Ross_19")
    assert plain(db_url)["Bob Ross_19"] == ""


def test_who_handed_in_under_another_number_is_not_absent(db_url: str) -> None:
    write_roster()
    zero_for_absent()
    place(Course(Path.cwd()), "Bob Ross_18")
    assert plain(db_url)["Bob Ross_19"] == ""
    assert "Bob Ross" not in moodle(db_url)
