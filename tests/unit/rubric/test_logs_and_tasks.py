"""Checks of lines that are about no single message, and of what is answered to tasks, on evidence made by hand."""

from dataclasses import replace

import pytest

from autograder.evidence.model import TaskResult
from autograder.rubric import logs, tasks
from autograder.rubric.log_lines import Fields
from autograder.rubric.model import Check, RunEvidence
from autograder.simulator.scenario import LogTemplate
from tests.unit.rubric.evidence import STUDENT, judged, line, sending

TEMPLATE = LogTemplate("round {round}: {value}", atol=0.01)


def two_rounds(run: RunEvidence, party: str) -> list[Fields]:
    return [{"round": number, "value": 0.5 * number} for number in (1, 2)]


SAYS = logs.says("says", "Says", 1, TEMPLATE, two_rounds)
OK = tasks.return_ok("ok", "OK", 1)


def logged(*texts: str) -> RunEvidence:
    return sending(lines=tuple(line(STUDENT, text) for text in texts))


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("round 1: 0.5", "round 2: 1.0"), ""),
        (("round 2: 1.004", "something else", "round 1: .5"), ""),
        ((), "log.no_call"),
        (("round 1: 0.5",), "log.other_values"),
        (("round 1: 0.5", "round 2: 1.5"), "log.other_values"),
        (("round 1: 0.5", "round 2: 1.0", "round 2: 1.0"), "log.too_often"),
    ],
)
def test_each_line_that_is_asked_for_is_there_once(texts: tuple[str, ...], code: str) -> None:
    run = logged(*texts)

    assert SAYS.judge([run]).passed if not code else judged(SAYS, run).code == code


def test_lines_of_nvflares_own_count_for_nothing() -> None:
    lines = tuple(line(STUDENT, text, origin="nvflare.x") for text in ("round 1: 0.5", "round 2: 1.0"))

    assert not SAYS.judge([sending(lines=lines)]).passed


@pytest.mark.parametrize("check", [SAYS, OK])
def test_no_run_earns_nothing(check: Check) -> None:
    finding = check.judge([])

    assert not finding.passed and finding.hint


@pytest.mark.parametrize(
    ("codes", "passed"), [(("OK",), True), (("OK", "OK"), True), ((), False), (("OK", "ERROR"), False)]
)
def test_every_task_is_to_be_answered_with_ok(codes: tuple[str, ...], passed: bool) -> None:
    run = sending()
    results = tuple(TaskResult(STUDENT, "talk", code) for code in codes)
    finding = OK.judge([replace(run, evidence=replace(run.evidence, results=results))])

    assert finding.passed is passed
    assert finding.passed or finding.hint


@pytest.mark.parametrize(
    ("asked", "passed"),
    [
        ({}, False),
        ({"train": (STUDENT,)}, False),
        ({"train": ("site-0", "site-2")}, True),
        ({"train": ("site-0",), "rest": (STUDENT,)}, False),
    ],
)
def test_a_result_is_asked_only_of_sites_that_are_given_a_task(asked: dict[str, tuple[str, ...]], passed: bool) -> None:
    run = sending(code="")
    students = frozenset({STUDENT, "site-0", "site-2"})
    scenario = replace(run.scenario, tasks=asked, students=students)
    results = (TaskResult("site-0", "train", "OK"), TaskResult("site-2", "train", "OK"))
    run = replace(run, scenario=scenario, evidence=replace(run.evidence, results=results))

    assert OK.judge([run]).passed is passed


def test_each_task_of_a_site_wants_a_result() -> None:
    run = sending()
    scenario = replace(run.scenario, tasks={"talk": (STUDENT,), "rest": (STUDENT,)})
    results = (TaskResult(STUDENT, "talk", "OK"), TaskResult(STUDENT, "rest", "OK"))
    one, both = (replace(run, scenario=scenario, evidence=replace(run.evidence, results=results[:n])) for n in (1, 2))

    assert judged(OK, one).code == "execute.no_end"
    assert OK.judge([both]).passed


def test_where_nothing_happened_of_which_a_line_tells_it_is_not_passed() -> None:
    check = logs.says("says", "Says", 1, TEMPLATE, lambda run, party: [])

    assert judged(check, logged("round 1: 0.5")).code == "log.nothing_to_tell"
