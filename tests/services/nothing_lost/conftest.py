"""A course folder with a class that needs no simulator: two untouched notebooks and something else."""

import json

import nbformat
import pytest

from autograder.course import Course
from autograder.grading.cache_key import judging_code
from tests.services.conftest import CourseAt
from tests.tools.course_folder import NAME, place, released

GRADABLE = ("anna", "bert")
STUDENTS = (*GRADABLE, "carl")


@pytest.fixture(scope="session")
def template(course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Course:
    judging_code()  # read once, and not by every forked process anew
    course = course_at(tmp_path_factory.mktemp("template") / "course")
    for student in GRADABLE:
        place(course, student).write_text(nbformat.writes(released(course)), encoding="utf-8")
        (course.root / "submitted" / student / NAME / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    place(course, "carl").write_text(json.dumps({"answer": 42}))
    return course
