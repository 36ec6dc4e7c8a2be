"""Runs of small scenarios in the real simulator."""

import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.evidence.collect import NO_SHAREABLE, collect
from autograder.evidence.model import Activity, Evidence
from autograder.rubric.matchers import Close
from autograder.rubric.model import RunEvidence
from autograder.simulator.folder import RunFolder
from autograder.simulator.limits import Limits
from autograder.simulator.network.content import Difference, Mismatch
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Expected, Part, Scenario
from tests.simulator.parts import EXECUTOR, SITES, scenario
from tests.simulator.started import left_over, started_from_now_on
from tests.tools import needs

pytestmark = pytest.mark.simulator

BOTH = [
    Isolation.NONE,
    pytest.param(Isolation.SANDBOX, marks=needs.SANDBOX),
]


def play(scenario: Scenario, isolation: Isolation | None = None, limits: Limits | None = None) -> Evidence:
    with run(scenario, isolation=isolation, limits=limits) as record:
        return collect(record)


def received(evidence: Evidence) -> list[str]:
    return sorted(f"{line.site} {line.text}" for line in evidence.log_lines if line.text.startswith("Received message"))


MULTICASTING = """
import numpy as np

class Multicasting(Quiet):
    def talk(self, fl_ctx):
        me = fl_ctx.get_identity_name()
        requests = {}
        for other in ("site-0", "site-1", "site-2", "server"):
            if other != me:
                value = np.array([float(me[-1]), 0.5])
                data = {"message": f"{me} to {other}", "value": value}
                requests[other] = DXO(DataKind.WEIGHTS, data=data, meta={"round": 3}).to_shareable()
        fl_ctx.get_engine().multicast_aux_requests("hello", requests, timeout=0, fl_ctx=fl_ctx)
"""
"""What tells each of the others something else."""

SIX_LINES = sorted(f"{b} Received message from {a}: Hello from {a}" for a in SITES for b in SITES if a != b)


@pytest.mark.parametrize("isolation", BOTH)
def test_every_message_is_sent_answered_and_logged(isolation: Isolation) -> None:
    evidence = play(scenario("Talking"), isolation)

    assert evidence.end is End.SETTLED
    assert evidence.quiet and evidence.finished
    assert received(evidence) == SIX_LINES
    assert {(m.sender, m.receiver, m.content.text, m.content.kind, m.reply) for m in evidence.messages} == {
        (a, b, f"Hello from {a}", "APP_DEFINED", "OK") for a in SITES for b in SITES if a != b
    }
    assert sorted(result.site for result in evidence.results) == list(SITES)
    assert {result.return_code for result in evidence.results} == {"OK"}


@pytest.mark.parametrize("isolation", BOTH)
def test_nvflare_warns_of_nothing_that_the_course_has_changed(isolation: Isolation) -> None:
    lines = play(scenario("Talking"), isolation).log_lines

    assert {line.site for line in lines} == {*SITES, SERVER}
    assert not [line for line in lines if line.level in ("WARNING", "ERROR", "CRITICAL")]


def test_messages_that_nobody_waits_for_are_all_handled_before_the_end() -> None:
    evidence = play(scenario("SlowHandler"))

    assert received(evidence) == SIX_LINES
    assert {m.reply for m in evidence.messages} == {None}
    assert not any(m.waits for m in evidence.messages)


def test_what_is_sent_by_multicast_is_compared_receiver_by_receiver() -> None:
    ways = [(sender, to) for sender in SITES for to in (*SITES, SERVER) if sender != to]
    contents = {
        way: Close(
            "WEIGHTS", {"message": "{} to {}".format(*way), "value": [float(way[0][-1]), 0.5]}, meta={"round": 3}
        )
        for way in ways
    }
    contents["site-1", "site-2"] = contents["site-1", "site-0"]
    expected = tuple(Expected(*way, "hello", content) for way, content in contents.items())
    executors = dict.fromkeys(SITES, Part("executors", "Multicasting", {"executors": EXECUTOR + MULTICASTING}))
    asked = replace(scenario("Quiet"), executors=executors, expected=expected)
    evidence = play(asked)

    assert (evidence.end, evidence.quiet) == (End.SETTLED, True)
    matching = RunEvidence(asked, evidence).matching
    assert [len(pair.messages) for pair in matching.pairs] == [1] * len(ways)
    assert {(pair.expected.sender, pair.expected.receiver): pair.mismatch for pair in matching.pairs if pair.wrong} == {
        ("site-1", "site-2"): Mismatch(Difference.VALUE, "message", "site-1 to site-0", "site-1 to site-2")
    }
    assert not matching.extra
    assert received(evidence) == sorted(f"{b} Received message from {a}: {a} to {b}" for a, b in ways if b != SERVER)


def test_what_a_site_sends_to_itself_is_counted() -> None:
    assert play(scenario("ToItself", "Quiet", "Quiet")).to_self == {"site-0": 1}


def test_a_reply_that_is_no_shareable_is_told_apart() -> None:
    assert {m.reply for m in play(scenario("NoReply")).messages} == {NO_SHAREABLE}


FAILING = """
from autograder.simulator.parties.context import this_party

def fail(*_, **__):
    raise KeyError("x")

class Failing(Talking):
    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        this_party().message_counters._telling = fail
"""
"""A site at which a part of the course's own fails."""


def test_where_the_course_fails_around_a_handler_its_reply_is_seen_and_the_failure_told() -> None:
    failing = Part("executors", "Failing", {"executors": EXECUTOR + FAILING})
    asked = scenario("Talking")
    seen = play(replace(asked, executors={**asked.executors, "site-1": failing}), Isolation.NONE)

    assert {message.reply for message in seen.messages} == {"OK"}
    assert received(seen) == SIX_LINES
    assert (seen.quiet, seen.course_failed) == (True, {"site-1": "KeyError: 'x'"})


@pytest.mark.parametrize("isolation", BOTH)
def test_a_run_that_hangs_ends_and_leaves_no_process(isolation: Isolation) -> None:
    started = started_from_now_on()
    with run(scenario("Stuck", "Quiet", "Quiet"), isolation=isolation, limits=Limits(exercise=6, settle=2)) as record:
        assert record.end in (End.DEADLINE, End.SETTLED)
    assert left_over(started) == []


def test_a_run_without_a_sandbox_leaves_no_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with run(scenario("Quiet"), isolation=Isolation.NONE) as record:
        assert record.end is End.SETTLED
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_ends_by_itself_ends_the_run_soon() -> None:
    with run(scenario("Exiting", "Quiet", "Quiet")) as record:
        assert record.end is End.STUDENT_ENDED
        evidence = collect(record)
    assert evidence.ended == evidence.quit == {"site-0"}


def test_a_run_of_which_no_site_can_be_loaded_is_not_waited_for() -> None:
    broken = Part("broken", "Talking", {"broken": "raise LookupError('here')"})
    nobody = replace(scenario("Quiet"), executors=dict.fromkeys(SITES, broken))
    with run(nobody, isolation=Isolation.NONE, limits=Limits(grace=900)) as record:
        assert record.end is End.STUDENT_ENDED
        evidence = collect(record)
    assert {evidence.loading[site].error for site in SITES} == {"LookupError"}


@needs.SANDBOX
@pytest.mark.parametrize("limits", [Limits(cpu=3), Limits(cpu=3600, cpu_budget=5)], ids=["its own", "all together"])
def test_one_that_has_used_up_its_cpu_time_is_told_from_it(limits: Limits) -> None:
    nothing_else = replace(limits, ready=3600, start=3600, wall=3600, budget=3600)
    evidence = play(scenario("Looping", "Quiet", "Quiet"), Isolation.SANDBOX, nothing_else)
    assert "site-0" in evidence.spent
    assert "site-0" not in evidence.quit
    assert evidence.activity["site-0"] == Activity(), "which of the limits of time ends it is up to the machine"


def test_interrupting_leaves_no_process_and_no_folder() -> None:
    started = started_from_now_on()
    seen: list[RunFolder] = []

    def interrupt_once_clients_run(folder: RunFolder, entries: list[dict[str, Any]]) -> None:
        seen.append(folder)
        if any(entry["kind"] == "ready" for entry in entries):
            raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        run(scenario("Talking"), isolation=Isolation.NONE, watcher=interrupt_once_clients_run),
    ):
        pytest.fail("the run should have been interrupted")
    assert left_over(started) == []
    assert not seen[0].root.exists()


def test_without_a_barrier_the_exercise_begins_at_once() -> None:
    evidence = play(scenario("Talking", barrier=False))

    assert evidence.finished
    assert len(evidence.messages) <= 6


def test_who_starts_late_misses_what_was_said_before() -> None:
    evidence = play(replace(scenario("Talking", barrier=False), late="site-1"))

    assert evidence.finished
    assert len(received(evidence)) < 6
    begun = {line.site: line.time for line in evidence.log_lines if line.text.startswith("registered aux handler")}
    assert begun["site-1"] > min(begun.values()), "on a busy machine another one may be later still"


@pytest.mark.parametrize("isolation", BOTH)
def test_runs_beside_each_other_do_not_meet(isolation: Isolation) -> None:
    """Without a sandbox they are those of two notebooks of one student, and share the machine's ports."""
    found: list[list[str]] = []
    several = range(4 if isolation is Isolation.SANDBOX else 2)
    threads = [
        threading.Thread(target=lambda: found.append(received(play(scenario("Talking"), isolation)))) for _ in several
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [SIX_LINES] * len(several)
