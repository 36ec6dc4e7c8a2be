"""No right answer to ``reliable_messaging`` loses a point by the clock, whatever a busy machine holds up."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import assignments
from autograder.rubric.model import Cast, Finding, RunEvidence
from autograder.simulator.scenario import Part
from tests.unit.assignments.busy_site import Delivery, RollCall, evidence_of
from tests.unit.rubric.evidence import hint_of

ASSIGNMENT = assignments.load("reliable_messaging")
NOT_PLAYED_HERE = frozenset({"answers"})
"""The check of how pings and news are answered looks at logs and replies, and at no time."""

Delay = Callable[[], float]
DELIVERY, ROLL_CALL = Delivery(), RollCall()


def failed(
    exercise: str, delay: Delay, seed: int = 1, delivery: Delivery = DELIVERY, roll_call: RollCall = ROLL_CALL
) -> dict[str, Finding]:
    """What the checks of an exercise find that do not pass, where all sites do their tasks so."""
    cast = Cast(lambda name: Part("submission", name), lambda name, arguments: Part("peers", name), Random(seed), seed)
    (scenario,) = ASSIGNMENT.exercise(exercise).cross_play(cast)
    run = RunEvidence(scenario, evidence_of(scenario, delivery, roll_call, delay))
    checks = [check for check in ASSIGNMENT.exercise(exercise).checks if check.name not in NOT_PLAYED_HERE]
    return {check.name: found for check in checks if not (found := check.judge([run])).passed}


RIGHT_DELIVERIES = st.builds(
    Delivery,
    timeout=st.floats(1 / 32, 1 / 12),
    pause=st.floats(1 / 64, 1 / 50),
    growth=st.floats(2.0, 2.2),
    in_turn=st.booleans(),
    looks_after_pause=st.booleans(),
    stops=st.booleans(),
)
RIGHT_ROLL_CALLS = st.one_of(
    st.builds(RollCall, timeouts=st.tuples(st.floats(1 / 3, 0.9))),
    st.builds(RollCall, timeouts=st.tuples(st.floats(1 / 3, 0.5), st.floats(0.05, 0.45))),
    st.builds(RollCall, timeouts=st.tuples(st.floats(0.05, 0.15), st.floats(1 / 3, 0.5), st.floats(0.05, 0.3))),
)


@st.composite
def machines(draw: st.DrawFn) -> Delay:
    """Draw how long each step is held up: a little nearly always, and now and then for long."""
    random, usual = Random(draw(st.integers(0, 2**32))), draw(st.sampled_from([0.001, 0.02, 0.1, 0.5]))
    stall, often = draw(st.sampled_from([0.1, 1.0, 5.0])), draw(st.sampled_from([0.0, 0.03, 0.3]))
    return lambda: random.expovariate(1 / usual) + (random.uniform(0, stall) if random.random() < often else 0.0)


@settings(max_examples=400)
@given(how=RIGHT_DELIVERIES, delay=machines(), seed=st.integers(0, 9))
def test_a_right_delivery_passes_on_a_machine_that_holds_up_anything(how: Delivery, delay: Delay, seed: int) -> None:
    assert failed("deliver", delay, seed, delivery=how) == {}


@settings(max_examples=400)
@given(how=RIGHT_ROLL_CALLS, delay=machines(), seed=st.integers(0, 9))
def test_a_right_roll_call_passes_on_a_machine_that_holds_up_anything(how: RollCall, delay: Delay, seed: int) -> None:
    assert failed("roll_call", delay, seed, roll_call=how) == {}


@pytest.mark.parametrize("usual", [0.001, 0.02, 0.05])
@pytest.mark.parametrize(
    "how",
    [Delivery(timeout=1 / 3), Delivery(pause=0.3), Delivery(timeout=1 / 8, pause=1 / 4)],
    ids=["waits", "pauses", "both"],
)
def test_whoever_never_looks_at_the_clock_is_seen(how: Delivery, usual: float) -> None:
    """Whose pauses or timeouts are too long for the deadline sends when it is over."""
    random = Random(1)
    found = failed("deliver", lambda: random.expovariate(1 / usual), delivery=replace(how, is_blind=True))

    assert "within_bounds" in found


@pytest.mark.parametrize("usual", [0.001, 0.02])
@pytest.mark.parametrize("timeout", [1 / 8, 1 / 7, 1 / 6, 1 / 4])
def test_middling_timeouts_run_out_of_time_where_nothing_looks_at_the_clock(timeout: float, usual: float) -> None:
    random = Random(1)
    found = failed("deliver", lambda: random.expovariate(1 / usual), delivery=Delivery(timeout, is_blind=True))

    assert [*found] == ["within_bounds"] and hint_of(found["within_bounds"]).code == "retry.after_deadline"


@pytest.mark.parametrize("usual", [0.001, 0.005])
@pytest.mark.parametrize("seed", range(3))
def test_whoever_does_not_pause_after_a_timeout_is_seen(usual: float, seed: int) -> None:
    """It takes the wait for a reply that never comes for a pause."""
    random = Random(seed)
    found = failed("deliver", lambda: random.expovariate(1 / usual), seed, Delivery(pauses_after_silence=False))

    assert [*found] == ["within_bounds"]


@pytest.mark.parametrize("usual", [0.001, 0.02])
@pytest.mark.parametrize(
    "how",
    [
        RollCall((0.4,), in_turn=True),
        RollCall((0.6,), in_turn=True),
        RollCall((1.0,)),
        RollCall((1 / 3, 1 / 3, 1 / 3)),
    ],
    ids=["two fifths each", "three fifths each", "all at once", "three times"],
)
@pytest.mark.parametrize("seed", range(5))
def test_whoever_waits_in_a_row_until_the_deadline_is_late(how: RollCall, usual: float, seed: int) -> None:
    """No peer takes more time than a living one may, and no wait is too long by itself."""
    random = Random(seed)
    found = failed("roll_call", lambda: random.expovariate(1 / usual), seed, roll_call=how)

    assert [*found] == ["in_time"]
