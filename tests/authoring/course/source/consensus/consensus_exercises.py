"""The assignment ``consensus``: sites that know only their neighbours agree on the average of all values."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from autograder.evidence.model import Evidence
from autograder.rubric import logs, receiving, sending
from autograder.rubric.log_lines import Fields
from autograder.rubric.matchers import Close
from autograder.rubric.model import Assignment, Cast, Exercise, RunEvidence
from autograder.simulator.network.content import Array
from autograder.simulator.scenario import Expected, LogTemplate, Part, Scenario

TOPIC, TASK = "value", "average"
RESULT = LogTemplate("Agreed on {value:.3f}", atol=1e-3)
Orders = dict[str, dict[str, Any]]


def _orders(random: Random, count: int, rounds: int) -> Orders:
    """Draw a graph, and where each site begins. A site is told of its own neighbours only."""
    sites = [f"site-{number}" for number in range(count)]
    order = random.sample(sites, count)
    links = {frozenset((order[n - 1], order[n])) for n in range(count)} | {frozenset(random.sample(sites, 2))}
    return {
        site: {
            "neighbours": sorted(other for link in links if site in link for other in link - {site}),
            "value": [round(random.uniform(-10, 10), 3) for _ in range(2)],
            "rounds": rounds,
            "weight": 1 / count,
        }
        for site in sites
    }


def _values(orders: Orders, evidence: Evidence) -> Callable[[str, int], list[float]]:
    """Return what a site should have by what was seen in the round before, so that nobody is blamed for others."""
    seen: dict[tuple[str, Any], tuple[float, ...]] = {}
    for message in evidence.messages:
        value = message.content.get("value")
        if isinstance(value, Array) and value.shape == (2,) and value.values:
            numbers = tuple(float(number) for number in value.values)
            seen.setdefault((message.sender, message.content.get("round")), numbers)

    def value(site: str, number: int) -> list[float]:
        begin, weight = orders[site]["value"], orders[site]["weight"]
        if number == 0:
            return list(begin)
        own, *others = (seen.get((one, number - 1), (0.0, 0.0)) for one in (site, *orders[site]["neighbours"]))
        return [own[n] + weight * sum(other[n] - own[n] for other in others) for n in range(2)]

    return value


def _expected(orders: Orders) -> Callable[[Evidence], tuple[Expected, ...]]:
    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        value = _values(orders, evidence)
        rounds = range(max(order["rounds"] for order in orders.values()))
        return tuple(
            Expected(site, other, TOPIC, content, label=f"round {number}", key={"round": number})
            for number in rounds
            for site, order in orders.items()
            for content in [Close("WEIGHTS", {"value": value(site, number), "round": number}, atol=1e-6)]
            for other in order["neighbours"]
        )

    return expected


def _result(run: RunEvidence, site: str) -> list[Fields]:
    orders = run.scenario.controller.arguments["data"]
    return [{"value": _values(orders, run.evidence)(site, orders[site]["rounds"])[0]}]


def _scenario(name: str, controller: Part, student: Callable[[str], Part], orders: Orders, seed: int) -> Scenario:
    executors = {site: student("ConsensusExecutor") for site in orders}
    return Scenario(
        name, controller, executors, frozenset(orders), _expected(orders), seed, tasks={TASK: tuple(orders)}
    )


def _cross_play(cast: Cast) -> tuple[Scenario, ...]:
    def scenario(name: str, orders: Orders) -> Scenario:
        arguments = {"task": TASK, "data": orders, "timeout": 40}
        giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments=arguments)
        return _scenario(name, giver, cast.student, orders, cast.seed)

    return (scenario("five", _orders(cast.random, 5, 20)), scenario("eight", _orders(cast.random, 8, 25)))


def _own_play(student: Callable[[str], Part]) -> Scenario:
    orders = _orders(Random(1), 4, 5)
    controller = student("OrderingController")
    return _scenario("own", replace(controller, arguments={"data": orders}), student, orders, 0)


CHECKS = (
    sending.as_expected("rounds", "In each round, the right value goes to each neighbour", 3),
    sending.no_others("nobody_else", "Nobody else gets any", 1),
    receiving.replies_ok("replies_ok", "Each value is answered with OK", 1, receiving.any_site),
    logs.says("agreed", "The result is logged, within 0.001", 1, RESULT, _result),
)
AVERAGE = Exercise(
    "average", "1 Average", "test_average", ("ConsensusExecutor",), (), "Exercise 1: average", CHECKS, _cross_play,
    _own_play, self_contained=True,
)  # fmt: skip
ASSIGNMENT = Assignment(
    "consensus", "Average consensus", ("imports", "controller"), ("OrderingController",), (AVERAGE,)
)
