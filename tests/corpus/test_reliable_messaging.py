"""The runs of ``reliable_messaging``: every site meets every fault whatever the seed, and checks keep their promise."""

import random

import nbformat
import pytest

from autograder import assignments, samples
from autograder.assignments.reliable_messaging import scenarios
from autograder.assignments.reliable_messaging.scenarios import NEWS, PING, SITES, others_of
from autograder.grading.grade import grade_submission
from autograder.grading.own_scenario import of_student
from autograder.grading.store import Store
from autograder.report.model import Verdict
from autograder.rubric.matchers import Equals
from autograder.rubric.model import Cast
from autograder.samples import Sample
from autograder.simulator.network.faults import FaultKind
from autograder.simulator.scenario import Scenario
from autograder.submission.percent import read_parts
from autograder.submission.read import from_notebook
from tests.tools.course_folder import CHECKOUT

NAME = "reliable_messaging"
ASSIGNMENT = assignments.load(NAME)
SAMPLES = samples.load_all(CHECKOUT.samples(NAME))
PLAYED = (
    "a_thread_for_each_target",
    "deliver_takes_timeout_for_ok_at_site_0",
    "deliver_without_pause_at_site_1",
    "inbox_without_lock_at_site_3",
    "roll_call_counts_errors_at_site_3",
)
"""A choice that `make test` has time for; ``python -m autograder demo reliable_messaging`` grades all."""


ERRORS = [(FaultKind.HANDLER_ERROR, FaultKind.DELAY), (FaultKind.LATE_START, FaultKind.DELAY)]


def made(exercise: str, seed: int) -> Scenario:
    (scenario,) = ASSIGNMENT.exercise(exercise).cross_play(
        Cast(of_student, lambda name, arguments: of_student(name), random.Random(seed), seed)
    )
    return scenario


def met(scenario: Scenario, site: str, topic: str, n: int) -> list[tuple[FaultKind, ...]]:
    """The faults that hit the nth message of a site to each of the others."""
    return sorted(scenario.faults.fate(site, other, topic, n).faults for other in others_of(site))


@pytest.mark.parametrize("seed", range(20))
def test_each_site_meets_the_same_faults(seed: int) -> None:
    deliver, once, roll_call = (made(exercise.name, seed) for exercise in ASSIGNMENT.exercises)
    for site in SITES:
        assert met(deliver, site, NEWS, 1) == [(), (), (FaultKind.LATE_START,)]
        assert met(deliver, site, NEWS, 2) == [(FaultKind.DROP,), (FaultKind.LATE_START,), (FaultKind.LATE_START,)]
        assert met(deliver, site, NEWS, 3) == [
            (FaultKind.HANDLER_ERROR,),
            (FaultKind.LATE_START,),
            (FaultKind.LOSE_REPLY,),
        ]
        for n in (4, 5, 6):
            assert met(deliver, site, NEWS, n) == [(), (FaultKind.DROP,), (FaultKind.LATE_START,)]
        assert met(once, site, NEWS, 1) == [(FaultKind.DUPLICATE,)] * 3
        for n in (1, 2, 3):
            cut, slow, error = met(roll_call, site, PING, n)
            assert (cut, slow) == ((FaultKind.CUT,), (FaultKind.DELAY,))
            assert error in ERRORS
    for error in ERRORS:
        assert sum(error in met(roll_call, site, PING, 1) for site in SITES) == 2


def test_a_right_answer_has_the_second_item_everywhere_at_the_sixth_send() -> None:
    scenario = made("deliver", 7)
    sends = {"first": 1, "again": 2}
    for site in SITES:
        for other in others_of(site):
            refused = scenario.faults.fate(site, other, NEWS, 1).refusal
            before = scenarios.MOST_SENDS if refused else sends["first"]
            fates = [scenario.faults.fate(site, other, NEWS, before + n) for n in range(1, 7)]
            assert any(fate.arrivals and not fate.reply_is_lost for fate in fates)


def test_the_deadlines_and_items_are_drawn() -> None:
    given = [made("deliver", seed).controller.arguments["tasks"] for seed in (1, 2)]
    assert given[0] != given[1]
    assert made("deliver", 1) == made("deliver", 1)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("parts", [("id",), ("sender",), ("text",), ("id", "text"), ("sender", "text")])
def test_only_sender_and_id_together_tell_all_items_apart(seed: int, parts: tuple[str, ...]) -> None:
    expected = made("exactly_once", seed).expected
    assert isinstance(expected, tuple)
    for site in SITES:
        items = [
            {"sender": one.sender, **one.content.data}
            for one in expected
            if one.receiver == site and isinstance(one.content, Equals)
        ]
        assert len({(item["sender"], item["id"]) for item in items}) == len(items)
        assert len({tuple(item[part] for part in parts) for item in items}) < len(items)


def test_every_check_is_the_first_reason_for_losing_points_in_some_sample() -> None:
    checks = {(exercise.name, check.name) for exercise in ASSIGNMENT.exercises for check in exercise.checks}
    assert checks == {(exercise, failed[0]) for sample in SAMPLES for exercise, failed in sample.failed.items()}


def test_no_two_samples_say_the_same_of_themselves() -> None:
    assert len({sample.about for sample in SAMPLES}) == len(SAMPLES)


@pytest.mark.simulator
@pytest.mark.sampled(2)
@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.name in PLAYED], ids=lambda one: one.name)
def test_a_sample_gets_what_it_must(sample: Sample, results: dict[str, Store]) -> None:
    release = nbformat.read(CHECKOUT.release(NAME), as_version=4)
    answers = read_parts((CHECKOUT.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))
    notebook = samples.notebook(sample, release, answers)
    submission = from_notebook(notebook, ASSIGNMENT)
    report = grade_submission(submission, ASSIGNMENT, CHECKOUT, seed=5, results=results[NAME])
    for exercise in report.exercises:
        failed = [check.name for check in exercise.checks if check.verdict is not Verdict.PASSED]
        assert failed == list(sample.failed.get(exercise.name, ()))
        assert exercise.code == sample.hints.get(exercise.name, "")
