"""A class from the download of an LMS to its grades and pages: each student has what the table says.

All of it is done with the commands that the instructor has. A test run plays few of the ordinary students.
"""

from pathlib import Path

import pytest

from autograder.course import Course
from tests.services.conftest import CourseAt
from tests.services.monday.__main__ import line
from tests.services.monday.people import CANVAS, MOODLE
from tests.services.monday.run import monday

pytestmark = [pytest.mark.simulator, pytest.mark.slow]

_KEPT = "reports"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results that the classes share: each grades only what none before it has."""
    return tmp_path_factory.mktemp("results") / _KEPT


@pytest.fixture
def course(course_at: CourseAt, results: Path, tmp_path: Path) -> Course:
    """A course folder in which nobody has handed in anything."""
    course = course_at(tmp_path / "course")
    results.mkdir(exist_ok=True)
    (course.root / _KEPT).symlink_to(results)
    return course


@pytest.mark.sampled(0)  # each takes a minute or more
@pytest.mark.parametrize(
    ("lms", "ordinary"), [(MOODLE, 3), (MOODLE, 45), (CANVAS, 3), (CANVAS, 45)], ids=lambda value: str(value)
)
def test_each_student_of_a_class_gets_what_is_due(course: Course, lms: str, ordinary: int) -> None:
    found = monday(course, lms, ordinary)
    print("\n".join(map(line, found)))  # for whoever looks with -s
    wrong = [line(one) for one in found if not one.is_right]
    assert not wrong, "\n".join(wrong)
    assert len(found) > ordinary + 15
