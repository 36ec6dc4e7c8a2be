"""Late penalties and re-submissions come to the same with ``autograder grade`` and with plain ``nbgrader autograde``.

What the submissions are worth was graded beforehand, in a manner of speaking: their reports are kept by content.
"""

import csv
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course import Course
from tests.services.conftest import CourseAt
from tests.services.nbgrader_plugin.test_grade_in_simulator import nbgrader, write
from tests.tools.course_folder import NAME, place, released
from tests.tools.kept_reports import hand_in

pytestmark = pytest.mark.slow

PENALTY = '''"""A course's own rule."""

from nbgrader.plugins import LateSubmissionPlugin


class PointPerHour(LateSubmissionPlugin):
    """Takes off a point for each hour."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """The points to take off."""
        return total_seconds_late / 3600
'''

OWN_RULE = '\nc.AssignLatePenalties.plugin_class = "late.PointPerHour"\n'
RULES = """
[late]
grace = "10 minutes"
off = "10%"
each = "1 hour"

[assignments.p2p_communication]
due = 2030-01-02T12:00:00Z

[assignments.p2p_communication.extensions]
"anna@example.org" = "2 days"
"""


@pytest.fixture(scope="module")
def template(course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = course_at(tmp_path_factory.mktemp("template") / "course")
    (course.root / "late.py").write_text(PENALTY)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(OWN_RULE)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2030-01-01 12:00:00 UTC")
    return course


@pytest.fixture
def courses(template: Course, tmp_path: Path) -> list[Course]:
    """The same course folder twice."""
    return [Course(Path(shutil.copytree(template.root, tmp_path / name))) for name in ("ours", "nbgrader's")]


def grade_all(courses: list[Course], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, tuple[float, float]]]:
    """Grade the first course with our command and the second with nbgrader's. Return scores and penalties of each."""
    ours, plain = courses
    monkeypatch.chdir(ours.root)
    assert main(["grade", NAME, "--no-feedback"]) == 0
    done = nbgrader(plain, "autograde", NAME)
    assert done.returncode == 0, done.stderr
    return [booked(course) for course in courses]


def booked(course: Course) -> dict[str, tuple[float, float]]:
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        submissions = gradebook.find_assignment(NAME).submissions
        return {one.student.id: (one.score, one.late_submission_penalty) for one in submissions}


@pytest.mark.sampled(0)  # it takes a minute on a busy machine
def test_late_submissions_and_later_ones(
    courses: list[Course], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for course in courses:
        hand_in(course, "anna", "2030-01-01 12:00:00 UTC", untouched=("handle_event", "server_handler"))
        hand_in(course, "bert", "2030-01-01 14:30:00 UTC")
        write(place(course, "carl"), released(course))
        place(course, "carl").with_name("timestamp.txt").write_text("2030-02-01 12:00:00 UTC")
    ours, plain = grade_all(courses, monkeypatch)
    assert ours == plain == {"anna": (4, 0), "bert": (12, 2.5), "carl": (0, 0)}
    assert "anna" not in capsys.readouterr().err.partition("in the gradebook")[0], "the reports were kept"

    for course in courses:
        hand_in(course, "anna", "2030-01-01 13:00:00 UTC", remark="a better one, but late")
        hand_in(course, "bert", "2030-01-01 15:30:00 UTC")  # the same notebook, handed in again
    ours, plain = grade_all(courses, monkeypatch)
    assert ours == plain == {"anna": (12, 1), "bert": (12, 3.5), "carl": (0, 0)}
    grades = (courses[0].root / "grades-canvas.csv").read_text(encoding="utf-8").splitlines()
    assert sorted(line.rpartition(",")[2] for line in grades[2:]) == ["0", "11", "8.5"]


def test_a_timestamp_that_is_none_leaves_the_submission_to_a_person(
    courses: list[Course], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course = courses[0]
    hand_in(course, "anna", "yesterday")
    monkeypatch.chdir(course.root)
    assert main(["grade", NAME, "--no-feedback"]) == 1
    assert "timestamp.txt in the submission is no date and time" in capsys.readouterr().out
    hand_in(course, "anna", "2030-01-01 11:00:00 UTC")
    assert main(["grade", NAME, "--no-feedback"]) == 0
    assert booked(course) == {"anna": (12, 0)}


def test_due_date_grace_penalties_and_extensions_by_the_rules_of_the_roster(
    courses: list[Course], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = {"anna": "2030-01-04 11:00:00", "bert": "2030-01-02 13:30:00", "carl": "2030-01-02 12:09:00"}
    for course in courses:
        configuration = course.root / "nbgrader_config.py"
        configuration.write_text(configuration.read_text().replace(OWN_RULE, ""))
        (course.root / "roster").mkdir()
        (course.root / "roster" / "rules.toml").write_text(RULES)
        (course.root / "roster" / "class.csv").write_text(
            "id,name,email\nanna,Anna,anna@example.org\nbert,Bert,\nCarl,Carl,\n,Zoë <i>Zed</i>,zoe@example.org\n"
        )
        for student, handed_in in times.items():
            hand_in(course, student, f"{handed_in} UTC")
    ours, plain = grade_all(courses, monkeypatch)
    assert ours == plain == {"anna": (12, 0), "bert": (12, pytest.approx(2.4)), "carl": (12, 0)}
    said = capsys.readouterr().out
    assert "late by 1 h 30 min" in said.split("\nbert ")[1].splitlines()[0]
    assert "late by 9 min (within grace)" in said.split("\ncarl ")[1].splitlines()[0]
    assert "late" not in said.split("\nanna ")[1].splitlines()[0]
    assert "Not handed in (1 of 4 in the roster): Zoë <i>Zed</i>" in said
    ours_root = courses[0].root
    assert "Zoë <i>Zed</i>,not handed in" in (ours_root / "checks.csv").read_text(encoding="utf-8")

    # What the rules say now counts, for whom it says something else, and nobody has to force it.
    changed = RULES.replace("10%", "50%").replace('"anna@example.org" = "2 days"', '"Bert" = 2030-01-03T12:00:00Z')
    (ours_root / "roster" / "rules.toml").write_text(changed)
    assert main(["grade", NAME, "--no-feedback"]) == 0
    assert booked(courses[0]) == {"anna": (12, 12), "bert": (12, 0), "carl": (12, 0)}
    capsys.readouterr()

    assert main(["report", NAME]) == 0
    page = (ours_root / "class-report" / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Zoë &lt;i&gt;Zed&lt;/i&gt;" in page
    assert "<strong>Late by 1 d 23 h.</strong>" in page

    (ours_root / "roster" / "rules.toml").write_text("[late]\ngrace = 5")
    assert main(["grade", NAME, "--no-feedback"]) == 2
    assert "roster/rules.toml: late.grace: write a span of time" in capsys.readouterr().err


def test_whoever_is_absent_gets_no_points_unless_that_is_asked_for(
    courses: list[Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = courses[0]
    hand_in(course, "anna", "2030-01-01 11:00:00 UTC")
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.update_or_create_student("zoe")
    monkeypatch.chdir(course.root)
    assert main(["grade", NAME, "--no-feedback"]) == 0

    def score_of_zoe() -> str:
        with (course.root / "grades.csv").open(encoding="utf-8", newline="") as file:
            (row,) = [row for row in csv.DictReader(file) if row["student_id"] == "zoe"]
        return row["score"]

    assert score_of_zoe() == ""
    (course.root / "roster").mkdir()
    (course.root / "roster" / "rules.toml").write_text("absent_get_zero = true")
    assert main(["grade", NAME, "--no-feedback"]) == 0
    assert score_of_zoe() == "0.0"
