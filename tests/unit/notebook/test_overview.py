"""The overview of exercises: points so far, the attempts that led there, and nothing of runs that broke."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from autograder import assignments
from autograder.notebook.attempts import Attempt
from autograder.notebook.overview import overview
from autograder.notebook.show import Shown
from autograder.report.model import Verdict
from tests.unit.report.rendered import HOSTILE, partly_right
from tests.unit.report.test_hint_steps import Parted
from tests.unit.report.test_rendering import Page

P2P = assignments.load("p2p_communication")
EXECUTE = P2P.exercise("execute")
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def attempts(*points: float, exercise: str = "execute", **more: Any) -> list[Attempt]:
    failed = (EXECUTE.checks[0].name,)
    tried = [Attempt(exercise, NOON + timedelta(minutes=n), each, 4, failed) for n, each in enumerate(points)]
    return [*tried[:-1], replace(tried[-1], **more)]


def shown(*tried: Attempt) -> Shown:
    return overview(P2P, tried, "They are kept.")


def both(one: Shown) -> tuple[str, str]:
    return one.text, Page(one.html).text


def test_all_exercises_are_listed_with_the_points_of_the_last_check() -> None:
    for text in both(shown(*attempts(0, 4, 2.5, reason="Look at `targets`."))):
        for exercise in P2P.exercises:
            assert exercise.title in text
        for part in ("2.5 of 4", "3: 0 → 4 → 2.5", "targets", "not checked yet", "Total: 2.5 of 12 points"):
            assert part in text, part
        assert "They are kept." in text


def test_each_attempt_says_when_it_was_and_what_failed() -> None:
    passed = replace(attempts(4)[0], failed=(), when=NOON + timedelta(days=1))
    for text in both(shown(*attempts(0, 2.5), passed)):
        for part in ("2026-11-28 12:00", "2026-11-28 12:01", "2026-11-29 12:00", "all passed"):
            assert text.count(part) == 1, part
        assert text.count(EXECUTE.checks[0].title.rstrip(".")[:60]) == 2
        assert text.index("2026-11-29 12:00") < text.index("2026-11-28 12:01"), "the newest comes first"


def test_a_check_that_the_exercise_no_longer_has_goes_by_its_name() -> None:
    assert "of_old" in shown(replace(attempts(0)[0], failed=("of_old",))).text


def test_of_very_many_checks_the_last_ones_are_shown() -> None:
    assert "42: … → 1 → 4 → 4" in shown(*attempts(*[0] * 30, 1, *[4] * 11)).text


def test_what_to_try_next_comes_in_steps_where_it_can_be_folded() -> None:
    one = shown(*attempts(0, first_step="Look at line 3.", reason="Whom do they name?"))
    parted = Parted(one.html)
    assert "Look at line 3." in parted.at_once and "Whom do they name?" not in parted.at_once
    assert "Whom do they name?" in parted.folded
    assert "next    Whom do they name?" in one.text


def test_what_a_student_wrote_is_escaped() -> None:
    evil = attempts(0, first_step=HOSTILE, reason=HOSTILE)[0]
    one = shown(replace(evil, failed=(HOSTILE,)), *attempts(0, exercise=HOSTILE))
    assert not {"script", "img"} & set(Page(one.html).tags)
    assert all(character.isprintable() or character == "\n" for character in one.text)


def test_a_run_that_broke_is_no_attempt() -> None:
    report = partly_right()
    found = Attempt.of(report, NOON)
    assert found and (found.exercise, found.points, found.reason) == ("execute", report.points, report.reason)
    assert found.failed == ("every_other_client", "returns_ok") and "line 3 of your cell" in found.first_step
    assert Attempt.of(replace(report, verdict=Verdict.INFRASTRUCTURE), NOON) is None
