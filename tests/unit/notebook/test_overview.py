"""The overview of exercises: points so far, what led there, and nothing of runs that broke."""

from dataclasses import replace

from autograder import assignments
from autograder.notebook.overview import Attempt, overview
from autograder.report.model import Verdict
from tests.unit.report.rendered import HOSTILE, partly_right
from tests.unit.report.test_rendering import Page

P2P = assignments.load("p2p_communication")


def attempts(*points: float, reason: str = "") -> list[Attempt]:
    return [Attempt(each, 4, reason) for each in points]


def test_all_exercises_are_listed_with_the_points_of_the_last_check() -> None:
    shown = overview(P2P, {"execute": attempts(0, 4, 2.5, reason="Look at `targets`.")})
    for text in (shown.text, Page(shown.html).text):
        for exercise in P2P.exercises:
            assert exercise.title in text
        for part in ("2.5 of 4", "3: 0 → 4 → 2.5", "targets", "not checked yet", "Total: 2.5 of 12 points"):
            assert part in text, part


def test_of_very_many_checks_the_last_ones_are_shown() -> None:
    text = overview(P2P, {"execute": attempts(*[0] * 30, 1, *[4] * 11)}).text
    assert "42: … → 1 → 4 → 4" in text


def test_what_a_student_wrote_is_escaped() -> None:
    shown = overview(P2P, {"execute": attempts(0, reason=HOSTILE)})
    assert HOSTILE not in shown.html
    assert all(character.isprintable() or character == "\n" for character in shown.text)


def test_a_run_that_broke_is_no_attempt() -> None:
    report = partly_right()
    found = Attempt.of(report)
    assert found and (found.points, found.reason) == (report.points, report.reason)
    assert Attempt.of(replace(report, verdict=Verdict.INFRASTRUCTURE)) is None
