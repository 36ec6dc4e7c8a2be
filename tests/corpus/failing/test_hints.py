"""Mistakes whose hints once misled get a hint of the right cause. They are graded for real."""

import pytest

from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from tests.corpus.failing import ASSIGNMENT, NAME, Failing, load_kind
from tests.tools.course_folder import CHECKOUT


@pytest.mark.simulator
@pytest.mark.sampled(4)
@pytest.mark.parametrize("one", load_kind("hints"), ids=lambda one: one.name)
def test_the_hint_names_the_cause(one: Failing, results: dict[str, Store]) -> None:
    name, code = one.about.split(": ", 1)

    report = grade_submission(one.submission, ASSIGNMENT, CHECKOUT, results=results[NAME])

    (check,) = (check for exercise in report.exercises for check in exercise.checks if check.name == name)
    assert check.points < check.max_points
    assert check.code == code, check.hint
