"""Plans of faults: what happens to a message depends on the seed, its link, its topic and its number alone."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.simulator.network.faults import DELIVERED, Fault, FaultKind, FaultPlan, drawn

SITES = ("site-0", "site-1", "server")
names = st.sampled_from(SITES)
topics = st.sampled_from(("hello", "value"))
numbers = st.integers(1, 30)
messages = st.tuples(names, names, topics, numbers)


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    kind = draw(st.sampled_from(FaultKind))
    return Fault(
        kind,
        draw(st.just("") | names),
        draw(st.just("") | names),
        draw(st.just("") | topics),
        tuple(draw(st.lists(numbers, max_size=4))),
        draw(st.floats(0.1, 5)) if kind in (FaultKind.DELAY, FaultKind.HOLD) else 0.0,
        draw(st.floats(0, 1)),
        draw(names) if kind is FaultKind.DIE else "",
        draw(messages) if kind is FaultKind.HOLD else None,
    )


plans = st.builds(FaultPlan, st.lists(faults(), max_size=5).map(tuple), st.integers(0, 2**32))


@given(plans, messages)
def test_equal_plans_give_equal_fates(plan: FaultPlan, message: tuple[str, str, str, int]) -> None:
    told = FaultPlan(plan.faults, plan.seed)

    assert told.fate(*message) == plan.fate(*message)


@given(plans, messages)
def test_a_fate_does_not_depend_on_what_was_asked_before(plan: FaultPlan, message: tuple[str, str, str, int]) -> None:
    first = plan.fate(*message)
    for n in range(1, 10):
        plan.fate("site-0", "site-1", "hello", n)

    assert plan.fate(*message) == first


@given(plans, messages)
def test_only_faults_that_cover_a_message_hit_it(plan: FaultPlan, message: tuple[str, str, str, int]) -> None:
    covering = {fault.kind for fault in plan.faults if fault.covers(*message) and not fault.party}
    certain = {fault.kind for fault in plan.faults if fault.covers(*message) and not fault.party and fault.rate == 1}

    assert certain <= set(plan.fate(*message).faults) <= covering


@given(plans, messages)
def test_a_message_arrives_once_unless_a_fault_hits_it(plan: FaultPlan, message: tuple[str, str, str, int]) -> None:
    fate = plan.fate(*message)

    assert 0 <= fate.arrivals <= 2
    if fate.arrivals != 1 or fate.delay or fate.reply_is_lost:
        assert fate.faults
    if fate.refusal:
        assert fate.arrivals == 0


@given(plans)
def test_a_plan_is_plain_data(plan: FaultPlan) -> None:
    assert FaultPlan.from_json(json.loads(json.dumps(asdict(plan)))) == plan


@given(st.integers(0, 2**32), st.floats(0, 1), messages)
def test_a_higher_rate_hits_whatever_a_lower_one_hits(
    seed: int, rate: float, message: tuple[str, str, str, int]
) -> None:
    low, high = (drawn(seed, [message[:2]], drop=each) for each in (rate / 2, rate))

    assert set(low.fate(*message).faults) <= set(high.fate(*message).faults)


def test_about_as_many_are_hit_as_the_rate_says() -> None:
    plan = drawn(7, [("site-0", "site-1")], "hello", drop=0.3)
    hit = [n for n in range(1, 1001) if not plan.fate("site-0", "site-1", "hello", n).arrivals]

    assert 250 <= len(hit) <= 350
    assert hit != [n for n in range(1, 1001) if not replace(plan, seed=8).fate("site-0", "site-1", "hello", n).arrivals]
    assert plan.fate("site-1", "site-0", "hello", hit[0]) == DELIVERED


def test_a_cut_works_in_both_directions() -> None:
    plan = FaultPlan((Fault(FaultKind.CUT, "site-0", "site-1", nths=(2,)),))

    assert [plan.fate("site-0", "site-1", "hello", n).arrivals for n in (1, 2, 3)] == [1, 0, 1]
    assert [plan.fate("site-1", "site-0", "value", n).arrivals for n in (1, 2, 3)] == [1, 0, 1]
    assert plan.fate("site-0", "server", "hello", 2) == DELIVERED


def test_who_dies_is_told_from_who_may() -> None:
    later = Fault(FaultKind.DIE, "site-0", nths=(2,), party="site-0")
    plan = FaultPlan((later, Fault(FaultKind.DIE, party="site-1")))

    assert plan.dead_from_the_start == {"site-1"} and plan.mortal == {"site-0", "site-1"}
    assert plan.fate("site-0", "server", "hello", 2).deaths == ("site-0",)
    assert plan.fate("site-0", "server", "hello", 1) == DELIVERED


@pytest.mark.parametrize(
    "make",
    [
        lambda: Fault(FaultKind.DIE, nths=(1,)),
        lambda: Fault(FaultKind.DROP, party="site-0"),
        lambda: Fault(FaultKind.DELAY),
        lambda: Fault(FaultKind.HOLD, seconds=1.0),
        lambda: Fault(FaultKind.HOLD, after=("site-0", "site-1", "value", 1)),
        lambda: Fault(FaultKind.DROP, after=("site-0", "site-1", "value", 1)),
        lambda: drawn(1, [], hold=0.5),
        lambda: drawn(1, [], die=0.5),
        lambda: drawn(1, [], lost=0.5),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        make()
