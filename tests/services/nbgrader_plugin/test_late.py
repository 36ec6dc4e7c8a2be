"""Late penalties and re-submissions come to the same with ``autograder grade`` and with plain ``nbgrader autograde``.

What the submissions are worth was graded beforehand, in a manner of speaking: their reports are kept by content.
"""

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course import Course
from tests.services.nbgrader_plugin.test_grade_in_simulator import nbgrader, write
from tests.tools.course_folder import NAME, make_course, place, released
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


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("template") / "course")
    (course.root / "late.py").write_text(PENALTY)
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.AssignLatePenalties.plugin_class = "late.PointPerHour"\n')
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


def test_late_submissions_and_later_ones(courses, monkeypatch, capsys):
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


def test_a_timestamp_that_is_none_leaves_the_submission_to_a_person(courses, monkeypatch, capsys):
    course = courses[0]
    hand_in(course, "anna", "yesterday")
    monkeypatch.chdir(course.root)
    assert main(["grade", NAME, "--no-feedback"]) == 1
    assert "timestamp.txt in the submission is no date and time" in capsys.readouterr().out
    hand_in(course, "anna", "2030-01-01 11:00:00 UTC")
    assert main(["grade", NAME, "--no-feedback"]) == 0
    assert booked(course) == {"anna": (12, 0)}
