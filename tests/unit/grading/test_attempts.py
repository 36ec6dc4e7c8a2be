"""Whose fault it is that a run went wrong, on evidence made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from autograder.evidence.model import Evidence
from autograder.grading.attempts import doubt_about, trouble_in
from autograder.rubric.model import RunEvidence
from autograder.simulator.parties.loading import Loading
from autograder.simulator.run import End
from autograder.simulator.scenario import SERVER, Scenario
from tests.unit.rubric.evidence import PEERS, SITES, STUDENT, hello, line, message, scenario

SEND = scenario((hello(STUDENT, "site-0"),))
SERVE = scenario((hello("site-0", SERVER),), frozenset({SERVER}))
STARTED = {party: Loading("started") for party in (SERVER, *SITES)}


def evidence(**fields: Any) -> Evidence:
    whole: dict[str, Any] = {"loading": STARTED, "ready": frozenset(SITES), "finished": True, "quiet": True}
    return Evidence(**{**whole, **fields})


@pytest.mark.parametrize("scenario", [SEND, SERVE])
def test_a_run_that_went_well_is_judged(scenario: Scenario) -> None:
    assert trouble_in(scenario, evidence()) == ""
    assert doubt_about(RunEvidence(scenario, evidence())) == ""


def test_a_handler_that_does_not_end_is_not_in_doubt() -> None:
    assert doubt_about(RunEvidence(SEND, evidence(quiet=False, busy=frozenset({STUDENT})))) == ""


@pytest.mark.parametrize(
    ("scenario", "seen"),
    [
        (SEND, evidence(loading={**STARTED, SERVER: Loading()})),
        (SERVE, evidence(loading={**STARTED, SERVER: Loading()})),
        (SERVE, evidence(loading={**STARTED, "site-0": Loading()})),
        (SEND, evidence(ended=frozenset({"site-0"}))),
        (SEND, evidence(end=End.DIED)),
        (SEND, evidence(end=End.OVER)),
        (SEND, evidence(end=End.NOT_READY, ready=frozenset({STUDENT}))),
        (SEND, evidence(loading={**STARTED, STUDENT: Loading()})),
        (SEND, evidence(course_failed={"site-0": "KeyError: 'x'"})),
        (SEND, evidence(course_failed={SERVER: "KeyError: 'x'", STUDENT: "KeyError: 'x'"})),
        (SERVE, evidence(course_failed={"site-0": "KeyError: 'x'"})),
    ],
)
def test_what_a_student_cannot_cause_is_trouble(scenario: Scenario, seen: Evidence) -> None:
    assert trouble_in(scenario, seen)


@pytest.mark.parametrize(
    ("scenario", "seen"),
    [
        (SEND, evidence(end=End.NOT_READY, ready=frozenset(SITES) - {STUDENT})),
        (SEND, evidence(quiet=False)),
        (SEND, evidence(end=End.DEADLINE, finished=False)),
        (SEND, evidence(end=End.DEADLINE, quiet=False)),
        (SERVE, evidence(end=End.DEADLINE, quiet=False)),
        (SEND, evidence(end=End.OVER, ended=frozenset({STUDENT}))),
        (SERVE, evidence(end=End.NOT_READY, ready=frozenset({STUDENT}), finished=False)),
        (SERVE, evidence(log_lines=(line(SERVER, "scheduled task talk", origin="nvflare.x"),))),
        (SEND, evidence(course_failed={STUDENT: "KeyError: 'x'"})),
        (SERVE, evidence(course_failed={SERVER: "KeyError: 'x'"})),
    ],
)
def test_what_either_can_cause_is_in_doubt(scenario: Scenario, seen: Evidence) -> None:
    assert trouble_in(scenario, seen) == ""
    assert doubt_about(RunEvidence(scenario, seen))


@pytest.mark.parametrize(
    ("scenario", "seen"),
    [
        (SEND, evidence(end=End.STUDENT_ENDED, ended=frozenset({STUDENT}), finished=False)),
        (SEND, evidence(loading={**STARTED, STUDENT: Loading("failed")}, ready=frozenset(SITES) - {STUDENT})),
        (SEND, evidence(filled=frozenset({SERVER}), end=End.DIED, finished=False)),
        (SEND, evidence(messages=(message(STUDENT, "site-2"), message(STUDENT, "site-0", number=2)), quiet=False)),
        (SERVE, evidence(end=End.DIED, finished=False)),
        (SERVE, evidence(end=End.DEADLINE, finished=False)),
    ],
)
def test_what_only_a_student_can_cause_is_judged(scenario: Scenario, seen: Evidence) -> None:
    assert trouble_in(scenario, seen) == ""
    assert doubt_about(RunEvidence(scenario, seen)) == ""


@pytest.mark.parametrize("end", [End.STUDENT_ENDED, End.DIED, End.OVER])
def test_a_party_that_ended_before_the_students_code_began_is_trouble_with_what_it_said(end: End) -> None:
    absent = {**STARTED, STUDENT: Loading()}
    said = {STUDENT: "Traceback (most recent call last):\nMemoryError"}
    seen = evidence(loading=absent, ended=frozenset({STUDENT}), end=end, finished=False, printed=said)

    assert trouble_in(SEND, seen) == f"processes ended before the student's code began: {STUDENT} (MemoryError)"
    assert trouble_in(SEND, replace(seen, loading={**STARTED, STUDENT: Loading("begun")})) == ""


BROKEN = "a process of the course ended: site-0, site-2"
TOLD = "Traceback (most recent call last):\n  ...\nTypeError: no class Shopp"
MISSING = line("site-2", TOLD, "ERROR", origin="nvflare.fuel.utils.json_scanner.JsonScanner")
OFTEN = line(SERVER, "Driver is already registered, ignored", "ERROR", origin="nvflare.fuel.f3.drivers.driver_manager")


@pytest.mark.parametrize(
    ("seen", "trouble"),
    [
        (evidence(ended=frozenset(PEERS)), BROKEN),
        (evidence(ended=frozenset(PEERS), log_lines=(MISSING,)), f"{BROKEN} (TypeError: no class Shopp)"),
        (
            evidence(
                ended=frozenset(PEERS), log_lines=(MISSING,), loading={**STARTED, "site-0": Loading("failed", "E", "x")}
            ),
            f"{BROKEN} (E: x; TypeError: no class Shopp)",
        ),
        (
            evidence(end=End.OVER, log_lines=(OFTEN, replace(MISSING, site=SERVER))),
            "the simulator ended by itself (TypeError: no class Shopp)",
        ),
        (
            evidence(course_failed={"site-0": "KeyError: 'x'"}),
            "a part of the course's own failed: site-0 (KeyError: 'x')",
        ),
    ],
)
def test_trouble_is_told_in_the_words_of_whoever_found_it(seen: Evidence, trouble: str) -> None:
    assert trouble_in(SEND, seen) == trouble
