"""Who may be lost in exercise 3 of ``average_consensus``: whom a clock may make late, and not whom a mistake does."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from autograder.assignments.average_consensus.losses import as_it_came, was_there
from autograder.assignments.average_consensus.protocol import Consensus
from autograder.evidence.model import Evidence, LogLine, Message, TaskResult
from autograder.rubric.model import RunEvidence
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Scenario
from tests.unit.assignments.test_average_consensus import averaged, check, drawn
from tests.unit.rubric.evidence import hint_of

SEEDS = range(8)
STEP = 100.0
"""Seconds from one iteration to the next, as a clock."""
LATE = 5.0
"""Seconds that are longer than anybody's patience."""
Lost = Mapping[tuple[str, str], int]


def played(scenario: Scenario, lost: Lost, seconds_late: float, gave_up_after: float = 0.0) -> RunEvidence:
    """The run of a right answer in which these come late, each once, after who was late gave up on somebody silent."""
    consensus = Consensus.of(scenario)
    turn = {(name, site): at + 1 for (site, name), at in lost.items()}
    consensus = replace(consensus, late={**turn, **lost})
    now, messages, lines = dict(consensus.begin), [], []
    for k in range(consensus.iterations):
        for site, others in consensus.weights.items():
            for other in (one for one in others if not consensus.is_lost(site, one, k - 1)):
                arrives = not consensus.is_lost(site, other, k) or lost.get((other, site)) == k
                at = STEP * k + (seconds_late if lost.get((other, site)) == k else 0.0)
                said = Content("WEIGHTS", {"value": now[site], "iteration": k})
                fate = () if arrives else scenario.faults.fate(site, other, "send_value", k + 1).faults
                gave_up = gave_up_after if other in consensus.silent and k == consensus.silent[other] else 0.0
                messages.append(Message(1, site, other, "send_value", said, fate=fate, at=at, gave_up_after=gave_up))
        lines += [(s, f"Lost {o} at iteration {k}") for s in now for o, at in consensus.lost_by(s).items() if at == k]
        now = {site: averaged(consensus, site, k, now) for site in consensus.weights}
    lines += [(site, f"Consensus after {consensus.iterations} iterations: {now[site]}") for site in now]
    logged = tuple(LogLine(site, "", "Robust", "submission.Robust", "INFO", "", text) for site, text in lines)
    results = tuple(TaskResult(site, task, "OK") for site in now for task in ("config", "run_algorithm"))
    return RunEvidence(scenario, Evidence(messages=tuple(messages), log_lines=logged, results=results))


def one_pair(scenario: Scenario) -> tuple[str, str]:
    """A site and a neighbour of it that stays to the end."""
    consensus = Consensus.of(scenario)
    living = sorted(consensus.weights.keys() - consensus.silent)
    return next((site, name) for site in living for name in consensus.weights[site] if name in living)


def passed(run: RunEvidence) -> dict[str, bool]:
    return {name: check("survive", name).judge([run]).passed for name in ("lost", "nothing_more", "values", "result")}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_answer_that_loses_nobody_but_the_silent_is_right(seed: int) -> None:
    assert all(passed(played(drawn("survive", seed), {}, 0.0)).values())


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_late_on_a_busy_machine_may_be_lost_and_everything_after_it_follows(seed: int) -> None:
    scenario = drawn("survive", seed)
    run = played(scenario, {one_pair(scenario): 0}, seconds_late=LATE)

    assert passed(run) == dict.fromkeys(("lost", "nothing_more", "values", "result"), True)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_loses_a_late_one_without_a_word_is_blamed_for_the_silence_alone(seed: int) -> None:
    scenario = drawn("survive", seed)
    site, name = one_pair(scenario)
    run = played(scenario, {(site, name): 0}, seconds_late=LATE)
    silent = tuple(line for line in run.evidence.log_lines if (line.site, line.text[:4]) != (site, "Lost"))
    run = RunEvidence(scenario, replace(run.evidence, log_lines=silent))

    assert passed(run) == {"lost": False, "nothing_more": True, "values": True, "result": True}
    finding = check("survive", "lost").judge([run])
    assert hint_of(finding).code == "lost.unnoticed"


@pytest.mark.parametrize("seed", SEEDS)
def test_who_counts_wrong_is_blamed_for_the_count_alone(seed: int) -> None:
    scenario = drawn("survive", seed)
    site, name = one_pair(scenario)
    run = played(scenario, {(site, name): 0}, seconds_late=LATE)
    right, wrong = f"Lost {name} at iteration 0", f"Lost {name} at iteration 1"
    lines = tuple(
        replace(line, text=wrong) if (line.site, line.text) == (site, right) else line
        for line in run.evidence.log_lines
    )
    run = RunEvidence(scenario, replace(run.evidence, log_lines=lines))

    assert passed(run) == {"lost": False, "nothing_more": True, "values": True, "result": True}


@pytest.mark.parametrize("seed", SEEDS)
def test_who_delivers_in_time_may_not_be_lost(seed: int) -> None:
    scenario = drawn("survive", seed)
    finding = check("survive", "lost").judge([played(scenario, {one_pair(scenario): 0}, seconds_late=0.2)])

    assert not finding.passed and hint_of(finding).code == "lost.there"


@pytest.mark.parametrize("seed", SEEDS)
def test_who_goes_on_at_once_has_not_waited_for_a_value_that_comes_soon(seed: int) -> None:
    """A value was there when a site went on without it, or the site was too quick for it: these are two mistakes."""
    scenario = drawn("survive", seed)
    pair, consensus = one_pair(scenario), Consensus.of(scenario)
    evidence = played(scenario, {pair: 0}, seconds_late=0.2).evidence
    quick = replace(evidence, messages=tuple(replace(one, at=one.at / STEP) for one in evidence.messages))

    assert was_there(consensus, evidence, *pair, 0)
    assert not was_there(consensus, quick, *pair, 0)
    assert not was_there(consensus, evidence, *pair, 2), "nothing came in that iteration"


def test_who_waited_for_somebody_silent_before_it_sent_is_late_by_its_own_doing() -> None:
    scenario = drawn("survive", 1)
    since = max(Consensus.of(scenario).silent.values())
    run = played(scenario, {one_pair(scenario): since}, LATE, gave_up_after=LATE)

    assert as_it_came(Consensus.of(scenario), run.evidence).late == {}
    assert not check("survive", "lost").judge([run]).passed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("part", "enough"), [(0.3, False), (0.9, False), (1.0, True), (7.0, True)])
def test_who_is_lost_has_been_waited_for(seed: int, part: float, enough: bool) -> None:
    """Iterations follow each other so quickly that the first one without somebody takes this part of the patience."""
    run = played(drawn("survive", seed), {}, 0.0)
    consensus = Consensus.of(run.scenario)
    quickly = part * consensus.patience / 2 / STEP  # from the values of the one before to those of the one after
    messages = tuple(replace(one, at=one.at * quickly) for one in run.evidence.messages)
    finding = check("survive", "lost").judge([replace(run, evidence=replace(run.evidence, messages=messages))])

    assert finding.passed is enough
    assert enough or hint_of(finding).code == "lost.too_soon"


def test_nobody_may_be_lost_where_there_is_no_patience() -> None:
    consensus = Consensus.of(drawn("exchange", 1))

    assert as_it_came(consensus, Evidence()) is consensus
