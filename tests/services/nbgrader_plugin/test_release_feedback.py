"""``nbgrader release_feedback``: what a submission lacks is that one's line, and everybody else's page is released."""

import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.utils import notebook_hash

from autograder.cli.sample_class import copy_course
from autograder.course import Course
from autograder.nbgrader_plugin.stamp import TIMESTAMP
from autograder.nbgrader_plugin.submitted import SECRET
from tests.services.monday.run import command
from tests.tools.course_folder import CHECKOUT, NAME
from tests.tools.ordinary_user import as_ordinary_user

pytestmark = pytest.mark.slow  # nbgrader's commands take seconds

LACKS = {"ada": (), "without secret": (SECRET,), "[without] time": (TIMESTAMP,), "bare": (SECRET, TIMESTAMP), "zoë": ()}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = copy_course(CHECKOUT, tmp_path / "a course")
    (tmp_path / "exchange").mkdir(mode=0o777)
    for student, lacks in LACKS.items():
        give_page(course, student, *lacks)
    return course


def give_page(course: Course, student: str, *lacks: str, page: str = "<html>a page</html>\n") -> Path:
    """A feedback page as grading makes it, without some of the files beside it."""
    folder = course.root / "feedback" / student / NAME
    folder.mkdir(parents=True)
    told = {f"{NAME}.html": page, SECRET: f"secret of {student}", TIMESTAMP: "2030-12-31 23:59:00 UTC"}
    for name in told.keys() - set(lacks):
        (folder / name).write_text(told[name])
    return folder


def exchange_of(course: Course) -> str:
    return f"--Exchange.root={course.root.parent / 'exchange'}"


def release(course: Course, status: int, *options: str) -> str:
    return command(course, status, "nbgrader", "release_feedback", NAME, exchange_of(course), *options)


def release_as_ordinary_user(course: Course) -> str:
    given = as_ordinary_user(sys.executable, "-m", "nbgrader", "release_feedback", NAME, exchange_of(course))
    done = subprocess.run(given, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def given_back(course: Course) -> set[str]:
    names = {notebook_hash(secret=f"secret of {student}", notebook_id=NAME): student for student in LACKS}
    pages = (course.root.parent / "exchange" / "p2p" / "feedback").iterdir()
    return {names.get(page.stem, page.name) for page in pages}


def left_out(said: str) -> list[str]:
    return [line for line in said.splitlines() if "Not released" in line]


def test_what_a_submission_lacks_is_its_own_line(course: Course) -> None:
    give_page(course, "torn", page="<html>half a pa")
    give_page(course, "unreadable").joinpath(SECRET).write_bytes(b"\xff\xfe")
    said = release(course, 0)
    assert given_back(course) == {"ada", "zoë"}
    assert len(left_out(said)) == 5
    for student, why in {
        "without secret": f"there is no {SECRET}",
        "[without] time": f"there is no {TIMESTAMP}",
        "bare": f"there is no {SECRET}",
        "torn": "not whole",
        "unreadable": f"{SECRET} cannot be read",
    }.items():
        (line,) = [line for line in left_out(said) if f"for {student}:" in line]
        assert why in line


def test_two_submissions_with_one_secret_do_not_overwrite_each_others_page(course: Course) -> None:
    for copied in ("zoë", "zed"):
        give_page(course, f"like {copied}", page=f"<html>not {copied}'s page</html>\n").joinpath(SECRET).write_text(
            f"secret of {copied}"
        )
    give_page(course, "zed")
    said = release(course, 0)
    assert given_back(course) == {"ada"}
    for student, other in {"zoë": "like zoë", "like zoë": "zoë", "zed": "like zed"}.items():
        (line,) = [line for line in left_out(said) if f"for {student}:" in line]
        assert f"{SECRET} is the same as that of {other}" in line
    assert "is the same" in release(course, 1, "--student=zoë"), "the other one has a page there too"


def test_a_page_that_may_not_be_read_is_one_students_line(course: Course) -> None:
    page = give_page(course, "secretive") / f"{NAME}.html"
    page.chmod(0)
    said = release_as_ordinary_user(course)
    assert given_back(course) == {"ada", "zoë"}
    assert "for secretive: the feedback page cannot be read" in said


def test_who_is_excluded_is_neither_released_nor_told(course: Course) -> None:
    said = release(course, 0, "--CourseDirectory.student_id_exclude=bare,zoë")
    assert given_back(course) == {"ada"}
    assert not any("for bare" in line for line in left_out(said))


def test_one_student_alone(course: Course) -> None:
    assert not left_out(release(course, 0, "--student=ada"))
    assert given_back(course) == {"ada"}
    assert "No feedback" in release(course, 1, "--student=bare")


def test_a_class_of_which_nothing_is_released_is_told(course: Course) -> None:
    said = release(course, 1, "--CourseDirectory.student_id_exclude=ada,zoë")
    assert len(left_out(said)) == 3
    assert f"No feedback of {NAME} was released" in said
