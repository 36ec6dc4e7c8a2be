"""The value of a grade: what it adds up to, and when it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.change import Standing, change
from autograder.report.grade import Grade, Part, State, by_rubric, shown
from autograder.report.model import Verdict
from tests.unit.report import rendered

POINTS = st.integers(0, 8).map(lambda quarter: quarter / 2)
PARTS = st.builds(
    Part, st.sampled_from("abc"), POINTS, st.none() | POINTS, st.none() | POINTS, POINTS, st.booleans(), st.booleans()
)


@given(st.builds(Grade, st.lists(PARTS, max_size=4).map(tuple), POINTS))
def test_a_grade_is_the_sum_of_what_it_is_made_of_and_there_is_none_while_it_waits(grade: Grade) -> None:
    if grade.points is None:
        assert any(part.waits or part.points is None for part in grade.parts)
        assert shown(grade) == str(grade.state)
    else:
        assert not any(part.waits for part in grade.parts)
        assert grade.points == max(0, grade.by_rubric + grade.by_hand + grade.extra - grade.penalty)


@pytest.mark.parametrize(
    ("part", "state"),
    [
        (Part("a", 4, by_rubric=3), State.GRADED),
        (Part("a", 4, by_rubric=3, by_hand=1), State.GRADED),
        (Part("a", 4, by_rubric=3, by_hand=1, waits=True), State.TO_LOOK_AT),
        (Part("a", 4, by_rubric=3, extra=1, waits=True), State.TO_LOOK_AT),
        (Part("a", 4, by_hand=2.5, waits=True), State.CANNOT_BE_GRADED),
        (Part("a", 4), State.CANNOT_BE_GRADED),
        (Part("essay", 5, by_person=True), State.NOT_READ),
        (Part("essay", 5, extra=1, by_person=True, waits=True), State.NOT_READ),
        (Part("essay", 5, by_hand=4, by_person=True), State.GRADED),
        (Part("essay", 5, by_hand=4, by_person=True, waits=True), State.TO_LOOK_AT),
        (Part("essay", 5, by_rubric=0, by_person=True), State.GRADED),
    ],
)
def test_points_stand_unless_a_person_has_to_look(part: Part, state: State) -> None:
    assert part.state is state
    assert Grade((Part("other", 1, by_rubric=1), part)).state is state


def test_a_report_that_is_not_judged_comes_to_no_grade() -> None:
    report = rendered.report(rendered.partly_right(), verdict=Verdict.INFRASTRUCTURE)
    assert by_rubric(report).points is None
    assert by_rubric(rendered.report(rendered.partly_right())).points == 2


def stamp(**told: str) -> dict[str, str]:
    return {"submitted": "a", "report": "b", **told}


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (Standing(), Standing(Grade((Part("a", 4, 3),)), stamp()), "– → 3: first grading"),
        (Standing(Grade((Part("a", 4, 3),)), stamp()), Standing(Grade((Part("a", 4, 3),)), stamp(report="c")), ""),
        (
            Standing(Grade((Part("a", 4, 3),)), stamp()),
            Standing(Grade((Part("a", 4),))),
            "3 → cannot be graded: the grader has no result any more",
        ),
        (
            Standing(Grade((Part("a", 4, 3),)), stamp()),
            Standing(Grade((Part("a", 4, 4),)), stamp(submitted="z", report="c")),
            "3 → 4: another notebook",
        ),
        (
            Standing(Grade((Part("a", 4, 3),)), stamp()),
            Standing(Grade((Part("a", 4, 4),)), stamp(report="c")),
            "3 → 4: the course has changed",
        ),
        (
            Standing(Grade((Part("a", 4, 3),)), stamp()),
            Standing(Grade((Part("a", 4, 3),), 1), {**stamp(), "handed in": "late"}),
            "3 → 2: handed in at another time",
        ),
    ],
)
def test_a_change_says_from_what_to_what_and_why(before: Standing, after: Standing, why: str) -> None:
    assert change(before, after) == why
