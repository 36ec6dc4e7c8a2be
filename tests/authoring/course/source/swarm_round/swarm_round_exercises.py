"""The assignment ``swarm_round``: sites train, one of them aggregates, and all get the new model from it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.evidence.model import Evidence
from autograder.rubric import receiving, sending
from autograder.rubric.matchers import Close
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.network.content import Array
from autograder.simulator.scenario import Expected, LogTemplate, Part, Scenario

SITES = tuple(f"site-{number}" for number in range(4))
TASK, LOCAL, NEW = "train", "local_model", "new_model"
STEPS = "NUM_STEPS_CURRENT_ROUND"
LOG = "New model from {sender} begins with {first}"
Orders = dict[str, dict[str, Any]]


def _trained(order: dict[str, Any]) -> list[float]:
    """Return the weights after a site's step of gradient descent."""
    return [weight - 0.1 * slope for weight, slope in zip(order["weights"], order["gradient"], strict=True)]


def _weights(evidence: Evidence, site: str, topic: str) -> list[float]:
    """Return the weights that a site has sent, so that nobody is blamed for others; none when it sent none."""
    for message in evidence.messages:
        weights = message.content.get("weights")
        if (message.sender, message.topic) == (site, topic) and isinstance(weights, Array) and weights.shape == (3,):
            return [float(weight) for weight in weights.values or ()]
    return []


def _expected(orders: Orders, aggregator: str) -> Callable[[Evidence], tuple[Expected, ...]]:
    others = [site for site in orders if site != aggregator]

    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        local = [
            Expected(site, aggregator, LOCAL, Close("WEIGHTS", {"weights": _trained(order)}, 1e-6, meta=meta))
            for site, order in orders.items()
            for meta in [{STEPS: order["steps"]}]
            if site != aggregator
        ]
        models = [_weights(evidence, site, LOCAL) or _trained(order) for site, order in orders.items()]
        steps = [order["steps"] for order in orders.values()]
        columns = zip(*models, strict=True)
        mean = [sum(w * n for w, n in zip(column, steps, strict=True)) / sum(steps) for column in columns]
        first = _weights(evidence, aggregator, NEW) or mean
        log = LogTemplate(LOG, {"first": first[0]}, atol=1e-3)
        new = Close("WEIGHTS", {"weights": mean}, 1e-6)
        return (*local, *(Expected(aggregator, site, NEW, new, label="aggregated model", log=log) for site in others))

    return expected


def _orders(drawn: Callable[[int, int], int], aggregator: str) -> Orders:
    weights = [drawn(-9, 9) / 2 for _ in range(3)]
    return {
        site: {
            "aggregator": aggregator,
            "weights": weights,
            "gradient": [drawn(-99, 99) / 10 for _ in range(3)],
            "steps": drawn(1, 9),
        }
        for site in SITES
    }


def _scenario(name: str, controller: Part, student: Callable[[str], Part], orders: Orders, seed: int) -> Scenario:
    expected = _expected(orders, orders[SITES[0]]["aggregator"])
    executors = {site: student("SwarmExecutor") for site in SITES}
    return Scenario(name, controller, executors, frozenset(SITES), expected, seed, tasks={TASK: SITES})


def _cross_play(cast: Cast) -> tuple[Scenario, ...]:
    """Two rounds, each with another aggregator."""
    found = []
    for aggregator in cast.random.sample(SITES, 2):
        orders = _orders(cast.random.randint, aggregator)
        arguments = {"task": TASK, "data": orders}
        giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments=arguments)
        found.append(_scenario(f"by_{aggregator}", giver, cast.student, orders, cast.seed))
    return tuple(found)


def _own_play(student: Callable[[str], Part]) -> Scenario:
    orders = _orders(lambda least, most: most, SITES[0])
    controller = student("OrderingController")
    return _scenario("own", replace(controller, arguments={"data": orders}), student, orders, 0)


CHECKS = (
    sending.as_expected("models", "The trained model goes to the aggregator, and the aggregated one to all others", 3),
    sending.no_others("nothing_else", "Nothing else is sent", 1),
    receiving.each_once("taken", "Each new model is answered with OK, and logged", 1, receiving.any_site),
    sending.returns_ok("returns_ok", "execute returns an OK reply", 1),
)
SWARM = Exercise(
    "swarm", "1 Swarm", "test_swarm", ("SwarmExecutor",), (), "Exercise 1: swarm", CHECKS, _cross_play, _own_play,
    self_contained=True,
)  # fmt: skip
ASSIGNMENT = Assignment(
    "swarm_round", "A round of swarm learning", ("imports", "controller"), ("OrderingController",), (SWARM,)
)
