"""Whose fault it is that a run went wrong, on evidence made by hand."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.evidence.collect import collect
from autograder.evidence.model import Activity, Evidence
from autograder.grading import attempts
from autograder.grading.attempts import RunOutcome, RunResult, doubt_about, play, trouble_in
from autograder.rubric.model import RunEvidence
from autograder.simulator import journal
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Journal, create
from autograder.simulator.parties.loading import Loading
from autograder.simulator.run import End, RunRecord
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Scenario
from autograder.simulator.series import RunSeries
from tests.unit.rubric.evidence import PEERS, SITES, STUDENT, hello, line, message, scenario

SEND = scenario((hello(STUDENT, "site-0"),))
SERVE = scenario((hello("site-0", SERVER),), frozenset({SERVER}))
HELLOS = tuple(message(STUDENT, "site-0", number=number) for number in range(9))
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
        (SEND, evidence(full={SERVER: 2}, messages=HELLOS[:1])),
        (SEND, evidence(full={SERVER: 4}, messages=HELLOS[:2])),
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
        (SEND, evidence(course_failed={"site-0": "KeyError: 'x'"})),
        (SEND, evidence(course_failed={SERVER: "KeyError: 'x'"})),
        (SERVE, evidence(course_failed={"site-0": "KeyError: 'x'"})),
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
        (SEND, evidence(full={SERVER: 6}, messages=HELLOS)),
        (SEND, evidence(full={SERVER: 600}, messages=HELLOS[:1])),
        (
            SEND,
            evidence(full={SERVER: 600}, messages=(HELLOS[0], *[replace(HELLOS[0], again=True)] * 299)),
        ),
        (SEND, evidence(full={SERVER: 600})),
        (SERVE, evidence(full={"site-0": 600})),
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
    ],
)
def test_trouble_is_told_in_the_words_of_whoever_found_it(seen: Evidence, trouble: str) -> None:
    assert trouble_in(SEND, seen) == trouble


def test_what_the_witness_could_not_tell_any_more_is_trouble_and_did_not_fail_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path)
    descriptor = create(folder.journal(SERVER))
    for text in ("earlier", "Hello"):
        Journal(descriptor).write("request", sender=STUDENT, receiver="site-0", topic="hello", id=text)
    os.close(descriptor)
    folder.journal(STUDENT).write_bytes(folder.journal(SERVER).read_bytes())  # its own says what it likes
    record = RunRecord(SEND, folder, End.SETTLED, 1.0, 1.0, Isolation.NONE)
    whole = collect(record)
    monkeypatch.setattr(journal, "_LONGEST", folder.journal(SERVER).stat().st_size // 2 + 5)
    cut = collect(record)

    assert (len(whole.messages), whole.full) == (2, {})
    assert (len(cut.messages), cut.full) == (1, {SERVER: 1})
    assert trouble_in(SEND, cut) == "more happened than is read of a journal (server), and what came later is not known"


TRIED = Activity(tried=(("files", "os.scandir '/home'"),), limit="processes: 3 of 2", ended_itself=True, junk="odd")
BUSY = evidence(end=End.DEADLINE, finished=False)


def played(monkeypatch: pytest.MonkeyPatch, *seen: Evidence, before: RunResult | None = None) -> RunOutcome:
    """What comes of a scenario of which the runs leave this evidence, one after another."""
    coming = iter(seen)

    @contextmanager
    def run(*_arguments: Any, **_keywords: Any) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(seconds=1.0, said="")

    monkeypatch.setattr(attempts, "run", run)
    monkeypatch.setattr(attempts, "collect", lambda _record: next(coming))
    with RunSeries(Isolation.NONE) as series:
        outcome = play(SEND, lambda _line: None, series=series, before=before)
    assert list(coming) == []
    return outcome


def test_what_was_tried_in_a_run_that_is_made_once_more_is_flagged_when_the_last_one_does_not_come_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome = played(monkeypatch, replace(BUSY, activity={STUDENT: TRIED}), BUSY)

    assert [(flag.kind, flag.party) for flag in outcome.flags] == [("files", STUDENT), ("limit", STUDENT)]
    assert outcome.seen.attempts == 2
    again = played(monkeypatch, before=outcome.seen)
    assert again.flags == outcome.flags, "also when another rubric judges what is kept of them"


def test_a_run_that_broke_flags_nothing_that_the_machine_can_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(TRIED, tried=(), limit="", left=1)
    broken = evidence(end=End.DIED, activity={STUDENT: gone}, course_failed={STUDENT: "KeyError: 'x'"})

    assert played(monkeypatch, broken, evidence()).flags == ()


def test_the_same_flag_of_two_runs_is_raised_once_as_the_last_one_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    later = Activity(tried=(("files", "open '/etc/passwd'"),))
    outcome = played(monkeypatch, *(replace(BUSY, activity={STUDENT: one}) for one in (TRIED, later)))

    assert [(flag.kind, "passwd" in flag.seen) for flag in outcome.flags] == [("files", True), ("limit", False)]
