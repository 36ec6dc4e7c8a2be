"""Submissions on which grading once went wrong get what they must get."""

from collections.abc import Mapping

import pytest

from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from autograder.report import json_form
from autograder.report.model import Report, Verdict
from autograder.simulator.sandbox_pool import SandboxPool
from tests.corpus.failing import ASSIGNMENT, KINDS, Failing, load_all
from tests.tools.course_folder import CHECKOUT

ALL = load_all()

POINTS: Mapping[str, tuple[float, float, float]] = {
    "again_speaks_for_the_first": (4, 3, 4),
    "busy_rejects": (4, 2, 4),
    "clients_answer_with_an_error": (4, 4, 3.5),
    "clients_handler_lost": (4, 4, 3.5),
    "clients_log_twice": (4, 4, 3.5),
    "logs_before_it_comes": (4, 3, 4),
    "literal_simulator_server": (4, 3, 4),
    "refuses_peers_minimal": (4, 2, 4),
    "registers_at_some_sites": (4, 0, 4),
    "retry_ex1": (3, 4, 4),
    "retry_ex1_ex3_stub": (3, 4, 0),
    "server_twice": (4, 4, 3.5),
    "wrong_at_site2": (2, 4, 4),
    "busy_says_ok": (4, 3, 4),
    "error_for_one_pair": (4, 3, 4),
    "error_result_at_site1": (3, 4, 4),
    "forged_delegation": (4, 4, 2.5),
    "forged_handler": (4, 4, 3.5),
    "inherits_course_parts": (0, 0, 1.5),
    "no_handler_at_site2": (4, 4, 3.5),
    "none_at_site1": (4, 4, 3.5),
    "once_for_each_sender": (4, 3, 4),
    "other_sender_of_one": (4, 3, 4),
    "other_text_at_site0": (3, 4, 4),
    "other_text_for_server": (4, 4, 3.5),
    "sends_at_start": (0, 4, 4),
    "server_answers_back": (4, 4, 3.5),
    "server_fails_at_the_end": (4, 4, 3.5),
    "server_sends_in_control_flow": (4, 4, 3.5),
    "server_gives_another_task": (4, 4, 1.5),
    "server_takes_site0_only": (4, 4, 2.5),
    "state_on_self": (4, 2, 4),
    "drops_what_another_has_said": (4, 3, 4),
    "strips_the_text": (4, 3, 4),
    "super_over_a_stub": (0, 4, 4),
    "super_over_two_stubs": (0, 0, 4),
    "super_twice": (0, 4, 3.5),
    "text_made_up": (4, 2, 4),
    "text_made_up_for_one_sender": (4, 2, 4),
    "to_itself_at_site2": (3, 4, 4),
    "twice_at_site1": (3, 4, 4),
    "raises_at_the_task": (4, 3, 3.5),
    "logs_at_the_next_task": (4, 3, 4),
    "again_after_five_seconds": (3, 4, 4),
    "borrow_model": (0, 0, 0),
    "hidden_topics": (3, 4, 4),
    "leak_model_by_log": (0, 0, 0),
}
"""Of the exercises, in order. Those that are not here get all points."""


def ids(one: Failing) -> str:
    return f"{one.kind}-{one.name}"


def test_each_kind_is_there_and_each_has_a_value() -> None:
    assert {one.kind for one in ALL} == set(KINDS)
    assert {one.name for one in ALL if one.kind != "right"} <= POINTS.keys() <= {one.name for one in ALL}


@pytest.mark.simulator
@pytest.mark.sampled(8)
@pytest.mark.parametrize("one", ALL, ids=ids)
def test_it_gets_what_it_must_get(one: Failing, results: dict[str, Store], sandboxes: SandboxPool) -> None:
    kept = results[ASSIGNMENT.name]
    report = grade_submission(one.submission, ASSIGNMENT, CHECKOUT, results=kept, sandboxes=sandboxes)

    assert Verdict.INFRASTRUCTURE not in {exercise.verdict for exercise in report.exercises}, told(report)
    assert tuple(exercise.points for exercise in report.exercises) == POINTS.get(one.name, (4, 4, 4)), told(report)
    assert not lines_of_the_model_answer(report)


def told(report: Report) -> str:
    checks = [check for exercise in report.exercises for check in exercise.checks]
    return "\n".join(f"{check.name}: {check.verdict}; {check.seen}; {check.hint}" for check in checks)


def lines_of_the_model_answer(report: Report) -> list[str]:
    """The lines of the model answer, other than those of the release, that a report holds."""
    answer = (CHECKOUT.solutions(ASSIGNMENT.name) / f"{ASSIGNMENT.name}.py").read_text(encoding="utf-8")
    release = CHECKOUT.release(ASSIGNMENT.name).read_text(encoding="utf-8")
    text = json_form.dumps(report)
    lines = {line.strip() for line in answer.split("\n") if len(line.strip()) > 30}
    comments = [line for line in lines if line.startswith("#") and line not in release]
    assert len(comments) > 5, "the model answer has comments, which nobody writes by chance"
    return [line for line in comments if line in text]
