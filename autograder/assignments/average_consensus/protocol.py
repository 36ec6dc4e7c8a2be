"""Computes what follows from what was seen: each value anew from what its site has received, and from nothing else.

So a site that computes wrongly, or sends too little, is blamed, and its neighbours are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.assignments.average_consensus.graphs import Weights, metropolis
from autograder.evidence.model import Evidence
from autograder.simulator.network.faults import FaultKind
from autograder.simulator.scenario import Scenario

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
        silent: who is cut off from all others, each with the iteration from which on.
        mortal: who of them dies then, one of the course's own that sends any numbers; empty for nobody.
        patience: seconds after which a neighbour may be lost; 0 where nobody may be.
        late: for a site and its neighbour, from which iteration on it rightly does without the neighbour, whose value
            came too late: see `autograder.assignments.average_consensus.losses`.
    """

    weights: Weights
    begin: Mapping[str, float]
    iterations: int
    silent: Mapping[str, int] = field(default_factory=dict)
    mortal: str = ""
    patience: float = 0.0
    late: Mapping[tuple[str, str], int] = field(default_factory=dict)

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
        patience = max(part.arguments.get("patience", 0.0) for part in scenario.executors.values())
        cuts = [fault for fault in scenario.faults.faults if fault.kind is FaultKind.CUT]
        silent = {cut.sender: cut.nths[0] - 1 for cut in cuts}
        return cls(weights, begin, iterations, silent, "".join(scenario.faults.mortal), patience)

    @property
    def average(self) -> float:
        """Return the true average."""
        return sum(self.begin.values()) / len(self.begin)

    def is_lost(self, site: str, other: str, iteration: int) -> bool:
        """Return whether a site goes without a neighbour in an iteration, as in all after it."""
        at = self.lost_at(site, other)
        return at is not None and iteration >= at

    def lost_at(self, site: str, other: str) -> int | None:
        """Return the first iteration in which a site goes without a neighbour; None for one that stays."""
        since = (self.silent.get(site), self.silent.get(other), self.late.get((site, other)))
        return min((at for at in since if at is not None), default=None)

    def lost_by(self, site: str) -> dict[str, int]:
        """Return the neighbours that a site loses, each with the first iteration without it."""
        lost = ((other, self.lost_at(site, other)) for other in self.weights[site])
        return {other: at for other, at in lost if at is not None and at < self.iterations}

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
