"""What follows from what was seen, on evidence made by hand: who is blamed, and for what."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import assignments
from autograder.assignments.average_consensus import charts, graphs, scenarios, value_hints
from autograder.assignments.average_consensus.protocol import ATOL, Consensus, seen_in
from autograder.assignments.average_consensus.value_hints import told_apart
from autograder.evidence.model import Evidence, Message, TaskResult
from autograder.rubric.model import Cast, Check, Finding, RunEvidence
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Part, Scenario
from tests.unit.rubric.evidence import hint_of, line, numbered, where

ASSIGNMENT = assignments.load("average_consensus")
SEEDS = range(60)
Wrong = Callable[[str, int, float], float]


def cast(seed: int) -> Cast:
    return Cast(lambda name: Part("submission", name), lambda name, arguments: Part("peers", name), Random(seed), seed)


def drawn(exercise: str, seed: int) -> Scenario:
    return ASSIGNMENT.exercise(exercise).cross_play(cast(seed))[0]


def played(scenario: Scenario, wrong: Wrong = lambda site, iteration, value: value) -> RunEvidence:
    """The run of a right answer, but for what ``wrong`` makes of the values that a site computes."""
    consensus = Consensus.of(scenario)
    now = dict(consensus.begin)
    messages: list[Message] = []
    for k in range(consensus.iterations):
        left = {
            site: [other for other in others if not consensus.is_lost(site, other, k - 1)]
            for site, others in consensus.weights.items()
        }
        for site, others in left.items():
            data = {"value": now[site], "iteration": k}
            messages += [Message(0, site, other, "send_value", Content("WEIGHTS", dict(data))) for other in others]
        now = {site: wrong(site, k + 1, averaged(consensus, site, k, now)) for site in consensus.weights}
    seen = tuple(replace(one, number=number) for number, one in enumerate(messages, start=1))
    return RunEvidence(scenario, Evidence(messages=seen))


def averaged(consensus: Consensus, site: str, k: int, now: dict[str, float]) -> float:
    theirs = {other: now[site if consensus.is_lost(site, other, k) else other] for other in consensus.weights[site]}
    return consensus.own_weight(site) * now[site] + sum(w * theirs[o] for o, w in consensus.weights[site].items())


def check(exercise: str, name: str) -> Check:
    return next(one for one in ASSIGNMENT.exercise(exercise).checks if one.name == name)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_site_can_be_overtaken_by_one_neighbour_while_it_waits_for_another_one(seed: int) -> None:
    """Otherwise a class that keeps the last value alone would be right somewhere."""
    scenario = drawn("exchange", seed)
    weights = Consensus.of(scenario).weights

    assert {fault.receiver for fault in scenario.faults.faults} == weights.keys()
    for fault in scenario.faults.faults:
        assert fault.after is not None
        assert {fault.sender, fault.after[0]} <= weights[fault.receiver].keys()
        assert fault.after[0] not in weights[fault.sender]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_takes_nearly_the_same_for_the_same_ends_too_early(seed: int) -> None:
    """In the first iteration one site has neighbours that nearly agree, and it hardly changes its own value."""
    scenario = drawn("exchange", seed)
    consensus = Consensus.of(scenario)
    now = dict(consensus.begin)
    after = {site: averaged(consensus, site, 0, now) for site in now}
    theirs = {site: [now[other] for other in consensus.weights[site]] for site in now}

    at_rest = [site for site in now if ATOL < abs(after[site] - now[site]) < 1e-6]
    assert any(max(now[site], *theirs[site]) - min(now[site], *theirs[site]) < 1e-3 for site in at_rest)
    assert all(abs(one - other) > 1e-5 for site in at_rest for one, other in combinations(theirs[site], 2))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_goes_by_the_order_of_names_is_found(seed: int) -> None:
    """Neighbours are told in another order than that of their names, and some site has one on both sides of its own."""
    weights = Consensus.of(drawn("exchange", seed)).weights

    assert all(list(of_site) != sorted(of_site) for of_site in weights.values())
    assert any(min(of_site) < site < max(of_site) for site, of_site in weights.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_every_grading_has_a_large_and_a_small_graph(seed: int) -> None:
    own = ASSIGNMENT.exercises[0].own_play(lambda name: Part("submission", name))
    drawn_ones = {exercise.name: drawn(exercise.name, seed) for exercise in ASSIGNMENT.exercises}
    sizes = {name: len(scenario.executors) for name, scenario in drawn_ones.items()}

    assert sizes == scenarios.SITES and {4, 8} < set(sizes.values()) <= set(range(4, 9))
    assert len(own.executors) not in (sizes["exchange"], sizes["metropolis"])
    for name, scenario in drawn_ones.items():
        assert sorted(scenario.executors) == [f"site-{number}" for number in range(sizes[name])]


@pytest.mark.parametrize("seed", SEEDS)
def test_some_sites_have_two_neighbours_and_some_have_more(seed: int) -> None:
    """Otherwise a class that knows a left and a right neighbour alone, or three at most, would be right somewhere."""
    degrees = {len(others) for others in Consensus.of(drawn("exchange", seed)).weights.values()}
    assert degrees == {2, 3, 4}

    consensus = Consensus.of(drawn("survive", seed))
    living = consensus.weights.keys() - consensus.silent
    left = {len(consensus.weights[site].keys() & living) for site in living}
    assert 1 in left and len(left) > 1, "who is left with one neighbour, and who with more"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_site_shows_what_it_makes_of_a_loss(seed: int) -> None:
    """One that lost all others at once would keep its value, wherever the weights went."""
    scenario = drawn("survive", seed)
    consensus = Consensus.of(scenario)
    for site in scenario.students:
        first = min(consensus.lost_by(site).values())
        assert any(not consensus.is_lost(site, other, first) for other in consensus.weights[site])


@pytest.mark.parametrize("seed", SEEDS)
def test_who_waits_for_one_end_alone_or_for_all_but_one_waits_for_too_few_at_one_of_the_tasks(seed: int) -> None:
    scenario = drawn("metropolis", seed)
    graph, slow = list(scenario.controller.arguments["graph"]), scenario.executors["site-0"].arguments["slow"]

    for order in (graph, sorted(graph)):
        for waited_for in (order[:1], order[-1:], order[1:], order[:-1]):
            assert any(slow[task] not in waited_for for task in ("config", "run_algorithm"))
    for order in (graph, sorted(graph)):
        assert slow["config"] not in order[-1:], "the last one's task is still at hand when a loop is over"


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_formula_gives_the_same_weights(seed: int) -> None:
    graph = drawn("metropolis", seed).controller.arguments["graph"]
    right = graphs.metropolis(graph)

    assert all(graphs.by_formula(graph, formula) != right for formula in graphs.OTHER_FORMULAS.values())
    assert not graphs.one_for_all(right), "1 / (1 + the largest degree of all) would be right"


@pytest.mark.parametrize("exercise", ["exchange", "survive"])
@pytest.mark.parametrize("seed", SEEDS)
def test_drawn_weights_keep_the_average(exercise: str, seed: int) -> None:
    weights = Consensus.of(drawn(exercise, seed)).weights

    assert all(weights[other][site] == weight for site, of in weights.items() for other, weight in of.items())
    assert all(0 < sum(of.values()) < 1 for of in weights.values())


@pytest.mark.parametrize("exercise", ["exchange", "survive"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_values_of_a_right_answer_are_right(exercise: str, seed: int) -> None:
    right = played(drawn(exercise, seed))

    assert check(exercise, "values").judge([right]).passed
    assert right.matching.missing == () and right.matching.extra == ()


def off(site: str) -> Wrong:
    """What a site computes is wrong by little, in each iteration."""
    return lambda who, iteration, value: value + (who == site) * 1e-6


def instead(site: str, iteration: int, wrong: float) -> Wrong:
    """What a site computes in one iteration is another value."""
    return lambda who, k, value: wrong if (who, k) == (site, iteration) else value


@pytest.mark.parametrize("exercise", ["exchange", "survive"])
@pytest.mark.parametrize("seed", range(8))
def test_a_mistake_at_any_single_site_is_found_and_nobody_else_is_blamed(exercise: str, seed: int) -> None:
    scenario = drawn(exercise, seed)
    for site in scenario.students:
        wrong = played(scenario, off(site))
        finding = check(exercise, "values").judge([wrong])

        assert not finding.passed and site in finding.expected
        assert {pair.expected.sender for pair in wrong.matching.pairs if pair.wrong} == {site}


@pytest.mark.parametrize("seed", range(8))
def test_values_of_several_neighbours_that_are_one_ahead_are_told_as_such(seed: int) -> None:
    scenario = drawn("exchange", seed)
    consensus = Consensus.of(scenario)
    sent = {(sender, k): value for (sender, _, k), value in seen_in(played(scenario).evidence).items()}
    site = max(consensus.weights, key=lambda one: len(consensus.weights[one]))
    ahead = sum(weight * sent[other, 2] for other, weight in consensus.weights[site].items())
    mixed = consensus.own_weight(site) * sent[site, 1] + ahead
    wrong = played(scenario, instead(site, 2, mixed))

    hint = hint_of(check("exchange", "values").judge([wrong]))
    assert len(consensus.weights[site]) > 1
    assert hint.code == "value.mixed"


@pytest.mark.parametrize("exercise", ["exchange", "survive"])
@pytest.mark.parametrize("seed", range(3))
def test_no_mistake_is_taken_for_another_one(exercise: str, seed: int) -> None:
    scenario = drawn(exercise, seed)
    consensus, seen = Consensus.of(scenario), seen_in(played(scenario).evidence)
    last = consensus.iterations - 1
    for site in scenario.students:
        right = consensus.value(site, last, seen)
        of_each = {code: value for code, value, _ in value_hints.guesses(consensus, site, last, seen)}
        for code, value in of_each.items():
            if value is None or right is None or abs(value - right) <= 1e-6:
                continue
            wrong = played(scenario, instead(site, last, value))
            ways = {(one.sender, one.content.get("iteration")) for one in wrong.evidence.messages}
            if (site, last) in ways:
                assert hint_of(check(exercise, "values").judge([wrong])).code in (code, "value.other")


@pytest.mark.parametrize("exercise", ["exchange", "survive"])
def test_a_mistake_that_nobody_thought_of_is_taken_for_no_other_one(exercise: str) -> None:
    """Here: one neighbour's value counts twice. What is drawn must not make that look like something else."""
    taken = []
    for seed in SEEDS:
        scenario = drawn(exercise, seed)
        consensus, seen = Consensus.of(scenario), seen_in(played(scenario).evidence)
        for site in sorted(scenario.students):
            right = consensus.value(site, 1, seen)
            for other, weight in consensus.weights[site].items():
                wrong = weight * consensus.begin[other]
                assert right is not None
                found = {
                    code
                    for code, value, _ in value_hints.guesses(consensus, site, 1, seen)
                    if value is not None and abs(value - right - wrong) <= 1e-6
                }
                taken += [(seed, site, other, found)] if found else []
    assert not taken


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("result.iterations", lambda count, sent, value: (count + 1, value)),
        ("result.value", lambda count, sent, value: (count, sent)),
        ("result.other", lambda count, sent, value: (count, value + 0.01)),
    ],
)
def test_a_wrong_result_is_told_by_what_is_wrong_in_it(
    code: str, said: Callable[[int, float, float], tuple[int, float]]
) -> None:
    run = played(drawn("exchange", 1))
    consensus, seen = Consensus.of(run.scenario), seen_in(run.evidence)
    lines = []
    for site in run.scenario.executors:
        sent, value = (consensus.value(site, consensus.iterations - left, seen) for left in (1, 0))
        assert sent is not None and value is not None
        told = said if site == "site-2" else lambda count, sent, value: (count, value)
        lines.append(line(site, "Consensus after {} iterations: {}".format(*told(consensus.iterations, sent, value))))
    finding = check("exchange", "result").judge([replace(run, evidence=replace(run.evidence, log_lines=tuple(lines)))])

    assert not finding.passed and "site-2" in finding.expected
    assert hint_of(finding).code == code


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("no Shareable", "reply.no_shareable"),
        ("EMPTY_RESULT", "reply.not_ok"),
        ("HANDLER_EXCEPTION", "handler.raised_untold"),
    ],
)
def test_a_handler_that_does_not_answer_with_ok_is_blamed(reply: str, code: str) -> None:
    run = played(drawn("exchange", 1))
    consensus, seen = Consensus.of(run.scenario), seen_in(run.evidence)
    values = {site: consensus.value(site, consensus.iterations, seen) for site in run.scenario.executors}
    lines = tuple(line(site, f"Consensus after {consensus.iterations} iterations: {x}") for site, x in values.items())
    results = tuple(TaskResult(site, task, "OK") for site in values for task in run.scenario.tasks)

    def judged(messages: tuple[Message, ...]) -> Finding:
        evidence = replace(run.evidence, messages=messages, log_lines=lines, results=results)
        return check("exchange", "result").judge([replace(run, evidence=evidence)])

    right = tuple(replace(one, reply="OK") for one in run.evidence.messages)
    taken = next(number for number, one in enumerate(right) if one.receiver == "site-6")
    finding = judged((*right[:taken], replace(right[taken], reply=reply), *right[taken + 1 :]))

    assert judged(right).passed
    assert hint_of(finding).code == code
    assert "from site-6" in finding.seen


WAITS_IN_HANDLER = """
class ConsensusExecutor(Executor):
    def handle_event(self, event_type, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("send_value", self.take)

    def take(self, topic, request, fl_ctx):
        with self.changed:
            {}
        return make_reply(ReturnCode.OK)
"""


@pytest.mark.parametrize(
    ("does", "code", "place"),
    [
        (
            "self.changed.wait_for(self.is_complete, 30)",
            "handler.no_end",
            "L8: self.changed.wait_for(self.is_complete, 30)",
        ),
        ("self.changed.notify_all()", "execute.no_end", ""),
    ],
)
def test_a_handler_that_keeps_its_senders_waiting_is_told_of_by_its_wait(does: str, code: str, place: str) -> None:
    run = played(drawn("exchange", 1))
    source = {"submission": WAITS_IN_HANDLER.format(does)}
    parts = {site: replace(part, sources=source) for site, part in run.scenario.executors.items()}
    consensus, seen = Consensus.of(run.scenario), seen_in(run.evidence)
    values = {site: consensus.value(site, consensus.iterations, seen) for site in parts}
    lines = tuple(line(site, f"Consensus after {consensus.iterations} iterations: {x}") for site, x in values.items())
    results = tuple(TaskResult(site, "config", "OK") for site in values)
    evidence = replace(run.evidence, log_lines=lines, results=results, ready=frozenset(values))
    scenario = replace(run.scenario, executors=parts)
    finding = check("exchange", "result").judge([RunEvidence(scenario, evidence, locate=numbered)])

    assert hint_of(finding).code == code
    assert where(hint_of(finding).places) == place


def test_whoever_lacks_a_value_need_not_go_on() -> None:
    scenario = drawn("exchange", 1)
    full = played(scenario)
    silent = min(scenario.executors)
    kept = tuple(m for m in full.evidence.messages if m.sender != silent or m.content.get("iteration") == 0)
    cut = replace(full, evidence=replace(full.evidence, messages=kept))

    blamed = {pair.expected.sender for pair in cut.matching.missing}
    assert blamed == {silent}


def test_the_weight_of_the_lost_goes_to_the_site_itself() -> None:
    scenario = drawn("survive", 3)
    consensus = Consensus.of(scenario)
    chart = charts.values(played(scenario))

    assert chart is not None and chart.goal == pytest.approx(consensus.average)
    ends = {one.name: one.values[-1] for one in chart.series}
    (silent,) = consensus.silent.keys() - {consensus.mortal}
    alone = next(one for one in chart.series if one.name == silent)
    kept = alone.values[consensus.silent[silent] :]
    assert kept == pytest.approx([kept[0]] * len(kept)), "who has nobody left keeps its value"
    assert [name for name, value in ends.items() if value is None] == [consensus.mortal]


def test_metropolis_weights_are_doubly_stochastic_on_any_graph() -> None:
    names = [f"site-{number}" for number in range(7)]
    drawn_graphs = [graphs.connected(names, Random(seed)) for seed in SEEDS]
    for graph in (graphs.ring(names), graphs.path(names), graphs.star(names), *drawn_graphs):
        weights = graphs.metropolis(graph)
        assert all(weights[one][other] == weights[other][one] for one in graph for other in graph[one])
        assert all(sum(of.values()) < 1 for of in weights.values())


def test_the_first_runs_of_all_exercises_have_the_same_sites() -> None:
    """``course.run`` puts the controller of exercise 2 among the sites of the others."""
    own = [exercise.own_play(lambda name: Part("submission", name)) for exercise in ASSIGNMENT.exercises]
    assert len({tuple(sorted(one.executors)) for one in own}) == 1


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_numbers_that_differ_are_shown_as_different(one: float, other: float) -> None:
    assert one == other or len(set(told_apart(one, other))) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_is_to_be_lost_comes_first_among_the_neighbours_of_each(seed: int) -> None:
    scenario = drawn("survive", seed)
    consensus = Consensus.of(scenario)
    lost = {consensus.mortal, *consensus.silent}
    for site, weights in consensus.weights.items():
        neighbours = list(weights)
        assert {*neighbours[: len(lost - {site})]} == lost - {site}


@pytest.mark.parametrize("seed", SEEDS)
def test_whose_weight_is_free_is_not_who_comes_first(seed: int) -> None:
    consensus = Consensus.of(drawn("survive", seed))
    living = consensus.weights.keys() - {consensus.mortal, *consensus.silent}

    assert all(next(iter(consensus.weights[site])) != consensus.mortal for site in living)
