"""No right answer to exercise 3 of ``average_consensus`` waits too long by the clock, whatever a machine holds up."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.rubric.model import Finding, RunEvidence
from autograder.simulator.network.faults import FaultKind
from tests.unit.assignments.busy_neighbours import Machine, Run, Way
from tests.unit.assignments.test_average_consensus import check, drawn
from tests.unit.rubric.evidence import hint_of, line

RIGHT = st.builds(Way, for_replies=st.booleans(), polls=st.sampled_from([0.0, 0.05, 0.5]))
TOO_LATE = [
    Way(after_send=True),
    Way(patience=2),
    Way(patience=2, for_replies=False),
    Way(patience=2, for_replies=False, polls=0.1),
]


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """Draw how long steps are held up, and when everything is, or a site: for seconds, and again and again."""
    random, usual = Random(draw(st.integers(0, 2**32))), draw(st.sampled_from([0.001, 0.02, 0.1, 0.3]))
    stall, often = draw(st.sampled_from([0.1, 1.0, 5.0])), draw(st.sampled_from([0.0, 0.03, 0.3]))

    def stalls() -> list[tuple[float, float]]:
        ends = sorted(random.uniform(0, 20) for _ in range(2 * random.choice([0, 1, 2, 3])))
        return list(pairwise(ends))[::2]

    return Machine(
        lambda: random.expovariate(1 / usual) + (random.uniform(0, stall) if random.random() < often else 0.0),
        stalls(),
        {f"site-{number}": stalls() for number in range(5) if random.random() < 0.4},
    )


def judged(way: Way, machine: Machine, seed: int) -> Finding:
    scenario = drawn("survive", seed)
    return check("survive", "lost").judge([RunEvidence(scenario, Run(scenario, way, machine).evidence())])


def is_too_late(finding: Finding) -> bool:
    return not finding.passed and hint_of(finding).code == "lost.too_late"


@settings(max_examples=300)
@given(way=RIGHT, machine=machines(), seed=st.integers(0, 9))
def test_who_is_right_is_never_too_late_on_a_machine_that_holds_up_anything(
    way: Way, machine: Machine, seed: int
) -> None:
    assert not is_too_late(judged(way, machine, seed))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("way", [Way(), Way(for_replies=False)], ids=["waits for replies", "does not"])
def test_nothing_is_wrong_where_all_stand_still_whenever_somebody_is_lost(way: Way, seed: int) -> None:
    first = drawn("survive", seed).executors["site-0"].arguments["patience"]
    stalls = [(first - 1, first + 6), (first + 6.0 + first - 1, first + 6.0 + first + 8)]

    assert judged(way, Machine(stalls=stalls), seed).passed


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("usual", [0.001, 0.02, 0.05])
@pytest.mark.parametrize("way", TOO_LATE, ids=str)
def test_who_waits_twice_as_long_is_seen(way: Way, usual: float, seed: int) -> None:
    random = Random(seed)

    assert is_too_late(judged(way, Machine(lambda: random.expovariate(1 / usual)), seed))


def test_who_waits_longer_at_one_site_alone_is_taken_for_held_up() -> None:
    """One process that gets no time waits no longer than that."""
    assert judged(Way(), Machine(stalls_of={"site-0": [(3.0, 9.0)]}), 1).passed


@pytest.mark.parametrize("origin", ["average_consensus_parties.TaskSeries", "submission.TaskSeries"])
def test_only_the_server_says_that_it_was_held_up(origin: str) -> None:
    """What a student's site says does not count."""
    scenario = drawn("survive", 1)
    evidence = Run(scenario, Way(patience=2), Machine()).evidence()
    said = replace(line("site-0", "held up: 100.000 900.000"), logger="TaskSeries", origin=origin)
    run = RunEvidence(scenario, replace(evidence, log_lines=(*evidence.log_lines, said)))

    assert is_too_late(check("survive", "lost").judge([run]))


@pytest.mark.parametrize("seed", range(20))
def test_nobody_gets_a_reply_where_somebody_is_lost_and_all_other_values_come(seed: int) -> None:
    """Who goes by replies loses everybody then, at whatever site it does so."""
    scenario = drawn("survive", seed)
    evidence = Run(scenario, Way(), Machine()).evidence()
    (since,) = {str(one.content.get("iteration")) for one in evidence.messages if FaultKind.LOSE_REPLY in one.fate}
    mortal = next(iter(scenario.faults.mortal))
    of_students = [one for one in evidence.distinct if mortal not in (one.sender, one.receiver)]
    then = [one for one in of_students if str(one.content.get("iteration")) == since]

    assert {one.sender for one in then} == scenario.students
    assert all(one.fate == (FaultKind.LOSE_REPLY,) and one.arrivals for one in then)
    assert not any(FaultKind.LOSE_REPLY in one.fate for one in evidence.messages if one not in then)
    lost = {text.text for text in evidence.log_lines if text.text.endswith(f"iteration {since}")}
    assert lost == {f"Lost {mortal} at iteration {since}"}
