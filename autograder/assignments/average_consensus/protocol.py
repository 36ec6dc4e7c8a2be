"""What follows from what was seen: each value is computed anew from what its site has received, and from nothing else.

So a site that computes wrongly, or sends too little, is blamed, and its neighbours are not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autograder.assignments.average_consensus.graphs import Weights, metropolis
from autograder.evidence.model import Evidence
from autograder.rubric.matchers import Close, Satisfies
from autograder.simulator.network.content import Content
from autograder.simulator.network.faults import FaultKind
from autograder.simulator.scenario import Expected, Scenario

TOPIC = "send_value"
KIND = "WEIGHTS"
ATOL = 1e-9
"""How far a value may be off: rounding, in whatever order one adds."""

Values = dict[tuple[str, str, int], float]
"""A value by sender, receiver and iteration."""


@dataclass(frozen=True)
class Consensus:
    """The consensus of a run.

    Attributes:
        begin: the private number of each site.
        silent: who is cut off, from the iteration ``since`` on; empty for nobody.
    """

    weights: Weights
    begin: Mapping[str, float]
    iterations: int
    silent: str = ""
    since: int = 0

    @classmethod
    def of(cls, scenario: Scenario) -> "Consensus":
        """Return the consensus of a run in which a `TaskSeries`, or the student's controller, tells the sites."""
        told = scenario.controller.arguments
        if "turns" in told:
            (_, configs), (_, runs) = told["turns"]
            weights = {site: {one["id"]: one["weight"] for one in of["neighbors"]} for site, of in configs.items()}
            iterations = next(iter(runs.values()))["iterations"]
        else:
            weights, iterations = metropolis(told["graph"]), told["iterations"]
        begin = {site: part.arguments["initial_value"] for site, part in scenario.executors.items()}
        cut = next((fault for fault in scenario.faults.faults if fault.kind is FaultKind.CUT), None)
        silent, since = (cut.sender, cut.nths[0] - 1) if cut else ("", 0)
        return cls(weights, begin, iterations, silent, since)

    @property
    def average(self) -> float:
        """Return the true average."""
        return sum(self.begin.values()) / len(self.begin)

    def is_lost(self, site: str, other: str, iteration: int) -> bool:
        """Return whether nothing comes from a neighbour in an iteration, nor later."""
        return bool(self.silent) and self.silent in (site, other) and iteration >= self.since

    def lost_by(self, site: str) -> list[str]:
        """Return the neighbours that a site loses."""
        return [other for other in self.weights[site] if self.is_lost(site, other, self.since)]

    def own_weight(self, site: str) -> float:
        """Return the weight of a site's own value."""
        return 1 - sum(self.weights[site].values())

    def inputs(self, site: str, iteration: int, values: Values) -> dict[str, float] | None:
        """Return what a site had to average in an iteration, by name; None when it lacked something."""
        own = [values.get((site, other, iteration)) for other in self.weights[site]]
        there = {site: next((value for value in own if value is not None), None)}
        if there[site] is None and (iteration == 0 or self._has_nobody_left(site, iteration)):
            there[site] = self.value(site, iteration, values)
        for other in self.weights[site]:
            lost = self.is_lost(site, other, iteration)
            there[other] = there[site] if lost else values.get((other, site, iteration))
        found = {name: value for name, value in there.items() if value is not None}
        return found if len(found) == len(there) else None

    def _has_nobody_left(self, site: str, iteration: int) -> bool:
        return all(self.is_lost(site, other, iteration - 1) for other in self.weights[site])

    def value(self, site: str, iteration: int, values: Values) -> float | None:
        """Return a site's value at the beginning of an iteration; None when it lacked something for it."""
        if iteration == 0:
            return self.begin[site]
        there = self.inputs(site, iteration - 1, values)
        if there is None:
            return None
        theirs = sum(weight * there[other] for other, weight in self.weights[site].items())
        return self.own_weight(site) * there[site] + theirs


def expected_in(consensus: Consensus) -> Callable[[Evidence], tuple[Expected, ...]]:
    """Return the function that says which messages are expected of the sites of a consensus."""

    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        values = seen_in(evidence)
        return tuple(
            _expected(consensus, site, other, iteration, values)
            for iteration in range(consensus.iterations)
            for site in consensus.weights
            for other in consensus.weights[site]
            # Who it is that is silent is not known before an iteration is over.
            if not consensus.is_lost(site, other, iteration - 1)
        )

    return expected


def _expected(consensus: Consensus, site: str, other: str, iteration: int, values: Values) -> Expected:
    value = consensus.value(site, iteration, values)
    known = {"iteration": iteration}
    if value is None:
        # Whoever lacks a value may wait for it in vain: nothing more is asked of it.
        return Expected(
            site, other, TOPIC, Satisfies(_is_number), label=_label(iteration, None), times=(0, 1), key=known
        )
    content = Close(KIND, {"value": value, **known}, atol=ATOL)
    handled = not consensus.is_lost(site, other, iteration)
    return Expected(site, other, TOPIC, content, label=_label(iteration, value), key=known, handled=handled)


def _label(iteration: int, value: float | None) -> str:
    return f"iteration {iteration}" + ("" if value is None else f": {value:.4f}")


def _is_number(content: Content) -> str:
    value = content.get("value")
    return "" if isinstance(value, int | float) and content.kind == KIND else "its value is no number"


def seen_in(evidence: Evidence) -> Values:
    """Return the values that were sent, the first of each iteration on each way.

    What is lost on its way is one of these too: it tells what its sender had.
    """
    values: Values = {}
    for message in evidence.distinct:
        value, iteration = message.content.get("value"), message.content.get("iteration")
        if message.topic != TOPIC or not isinstance(value, int | float) or not isinstance(iteration, int):
            continue
        values.setdefault((message.sender, message.receiver, iteration), float(value))
    return values
