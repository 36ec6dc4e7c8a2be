"""The runs of the exercises: graphs, weights and numbers that are drawn, and the messages that follow from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from random import Random
from typing import Any

from autograder.assignments.average_consensus import graphs
from autograder.assignments.average_consensus.expected_values import expected_in
from autograder.assignments.average_consensus.graphs import Graph, Weights
from autograder.assignments.average_consensus.protocol import TOPIC, Consensus
from autograder.rubric.matchers import Anything
from autograder.rubric.model import Cast
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.scenario import SERVER, Expected, Part, Scenario

CONFIG, RUN = "config", "run_algorithm"
EXECUTOR, CONTROLLER, ROBUST = "ConsensusExecutor", "ConsensusController", "RobustExecutor"
PATIENCE = 3.0
"""Seconds for which a site waits for its neighbours in a student's own run of exercise 3. A check has a little more."""

_HARDLY = 2e-7
"""The difference that a first average makes hardly changes, and which `ATOL` still tells from none."""
_NEAR = 1.3e-4
"""The difference between neighbours that nearly agree: those that a site has are within 0.001."""

SITES = {"exchange": 8, "metropolis": 4, "survive": 5}
"""How many sites a check's graph has.

These are no matter of chance, or what a student's code does at `site-7` alone, or with more sites than it reckons with,
would be found by chance. Where all neighbours stay, it is not five, as in a student's own runs: what holds for that
number only is found. These three fit into the four CPU seconds that a grading may cost.
"""

_MANY = 100
"""More messages than a site sends to a neighbour."""


@dataclass(frozen=True)
class Network:
    """A graph with all that sites are told.

    Attributes:
        begin: the private number of each site.
    """

    weights: Weights
    begin: Mapping[str, float]
    iterations: int

    @property
    def sites(self) -> list[str]:
        """Return the names of the sites."""
        return sorted(self.weights)

    @property
    def teller(self) -> Part:
        """Return the course's controller, which tells each site its neighbours, and then to begin."""
        configs = {site: graphs.as_config(of_site) for site, of_site in self.weights.items()}
        runs = {site: {"iterations": self.iterations} for site in self.sites}
        return _of_course("TaskSeries", turns=[(CONFIG, configs), (RUN, runs)])

    def parts(self, part: Part, **arguments: Any) -> dict[str, Part]:
        """Return what the sites run: a class that is made with the site's number, and with these arguments."""
        return {site: replace(part, arguments={"initial_value": self.begin[site], **arguments}) for site in self.sites}

    @property
    def tasks(self) -> dict[str, tuple[str, ...]]:
        """Return the tasks, each with the sites that get it."""
        return {CONFIG: tuple(self.sites), RUN: tuple(self.sites)}

    def consensus(self) -> Consensus:
        """Return what follows from it, as long as nobody is lost."""
        return Consensus(self.weights, self.begin, self.iterations)


def exchange(cast: Cast) -> tuple[Scenario, ...]:
    """Let all sites run the student's class. In each iteration one of them gets a neighbour's value late.

    It gets it only when another neighbour has already sent its value of the next iteration. One site and its neighbours
    begin with nearly the same number, so it hardly changes at first, and the iterations go on.
    """
    names, graph = _with_chords(cast.random)
    weights = graphs.drawn_weights(graph, cast.random)
    network = Network(weights, _with_one_at_rest(_numbers(graph, cast.random), weights, cast.random), len(names) + 1)
    faults = [_late(site, number, graph, cast.random) for number, site in enumerate(names)]
    return (_scenario("exchange", network, cast.student(EXECUTOR), cast.seed, FaultPlan(tuple(faults))),)


def survive(cast: Cast) -> tuple[Scenario, ...]:
    """Let all sites but one run the student's class. The course's own one dies, and then one of these is cut off.

    Both are neighbours of all others, which wait for them at the same time, so nobody waits for somebody who waits. The
    one that is cut off has lost a neighbour before, and still has others: so what it makes of a loss is seen as well.
    They come first among the neighbours of each: who sends to one after the other keeps the next ones waiting.
    The one that is lost first is the second: who takes the first one's weight for its weight is wrong.

    In the iteration in which it is lost nobody gets a reply, and all other values come: who goes by replies loses
    everybody then. All wait for as long as their patience lasts in any case, so nobody who is right is held up by it.
    """
    # The last one is the course's in every run: nothing of the others depends on what is drawn.
    *names, mortal = _sites("survive")
    cast.random.shuffle(names)
    *living, silent = names
    others = cast.random.choice([graphs.star, graphs.path])(living)
    graph = graphs.with_first([silent, mortal], graphs.hub([*names, mortal], graphs.hub(names, others)))
    since = cast.random.randint(1, 3)
    network = Network(graphs.drawn_weights(graph, cast.random), _numbers(graph, cast.random), since + 5)
    patience = PATIENCE + cast.random.randint(2, 5) / 10
    scenario = _survive("survive", network, cast.student(ROBUST), silent, since + 1, cast.seed, patience)
    numbers = [_number(cast.random) for _ in range(since)]
    return (_with_mortal(scenario, mortal, names[0], numbers),)


def metropolis(cast: Cast) -> tuple[Scenario, ...]:
    """Let the server run the student's class, among sites that log what they are told.

    The site that is slow to answer `CONFIG` is the first, and that of `RUN` the last, by name and in the graph. In each
    of the two, only those are found who do not wait for the slow one. So whoever waits for one of the two sites alone,
    or for all but one of them, does so for one task in vain.
    """
    graph = _with_different_degrees(_names("metropolis", cast.random), cast.random)
    slow = {CONFIG: min(graph), RUN: max(graph)}
    return (_metropolis("metropolis", graph, cast.random.randint(5, 50), cast.student, slow, cast.seed),)


_WHEEL = graphs.hub([f"site-{number}" for number in range(5)], graphs.ring([f"site-{n}" for n in range(4)]))
_OWN = Network(graphs.metropolis(_WHEEL), dict(zip(_WHEEL, (1.0, 3.0, 5.0, 7.0, 24.0), strict=True)), 12)
"""The sites of a student's own runs: a ring of four, and one that is the neighbour of all. Their average is 8."""


def own_exchange(student: Callable[[str], Part]) -> Scenario:
    """Return the student's own run of exercise 1."""
    return _scenario("own", _OWN, student(EXECUTOR), 0)


def own_metropolis(student: Callable[[str], Part]) -> Scenario:
    """Return the student's own run of exercise 2, from which others take the controller."""
    return _metropolis("own", _WHEEL, _OWN.iterations, student, dict.fromkeys((CONFIG, RUN), "site-0"), 0)


def own_survive(student: Callable[[str], Part]) -> Scenario:
    """Return the student's own run of exercise 3: the site in the middle falls silent."""
    return _survive("own", _OWN, student(ROBUST), "site-4", 0, 0)


def _scenario(name: str, network: Network, part: Part, seed: int, faults: FaultPlan | None = None) -> Scenario:
    return Scenario(
        name,
        network.teller,
        network.parts(part),
        frozenset(network.sites),
        expected_in(network.consensus()),
        seed,
        tasks=network.tasks,
        faults=faults or FaultPlan(),
    )


def _survive(
    name: str, network: Network, part: Part, silent: str, since: int, seed: int, patience: float = PATIENCE
) -> Scenario:
    scenario = _scenario(name, network, part, seed, FaultPlan((_cut(silent, since),)))
    return _expecting(replace(scenario, executors=network.parts(part, patience=patience)))


def _with_mortal(scenario: Scenario, mortal: str, last: str, numbers: list[float]) -> Scenario:
    """Return a scenario in which one site is the course's own, which dies after it has sent these numbers."""
    begin = scenario.executors[mortal].arguments["initial_value"]
    part = _of_course("Mortal", initial_value=begin, numbers=numbers, last=last)
    since = len(numbers)
    dies = Fault(FaultKind.DIE, last, mortal, TOPIC, (since + 1,), party=mortal)
    others = sorted(scenario.students - {mortal})
    unanswered = [
        Fault(FaultKind.LOSE_REPLY, one, other, TOPIC, (since + 1,)) for one, other in permutations(others, 2)
    ]
    return _expecting(
        replace(
            scenario,
            executors={**scenario.executors, mortal: part},
            students=scenario.students - {mortal},
            # One more number could come through before it is dead.
            faults=FaultPlan((*scenario.faults.faults, _cut(mortal, since), dies, *unanswered), scenario.faults.seed),
        )
    )


def _cut(silent: str, since: int) -> Fault:
    return Fault(FaultKind.CUT, sender=silent, topic=TOPIC, nths=tuple(range(since + 1, _MANY)))


def _expecting(scenario: Scenario) -> Scenario:
    return replace(scenario, expected=expected_in(Consensus.of(scenario)))


def _metropolis(
    name: str, graph: Graph, iterations: int, student: Callable[[str], Part], slow: Mapping[str, str], seed: int
) -> Scenario:
    controller = replace(student(CONTROLLER), arguments={"graph": graph, "iterations": iterations})
    sites = sorted(graph)
    listener = _of_course("Listener", sites=sites, slow=dict(slow))
    # They find out by themselves whether the server waits: see `Listener`.
    ways = [("begun", one, other) for one in sites for other in sites if one != other]
    ways += [("idle", one, other) for one in sites for other in sorted({*slow.values()} - {one})]
    said = tuple(Expected(one, other, topic, Anything(topic), times=(0, 2)) for topic, one, other in ways)
    return Scenario(
        name,
        controller,
        dict.fromkeys(sites, listener),
        frozenset({SERVER}),
        said,
        seed,
        tasks={CONFIG: tuple(graph), RUN: tuple(graph)},
    )


def _of_course(class_name: str, **arguments: Any) -> Part:
    return Part.of_file(__package__, "parties", class_name, **arguments)


def _sites(exercise: str) -> list[str]:
    return [f"site-{number}" for number in range(SITES[exercise])]


def _names(exercise: str, random: Random) -> list[str]:
    names = _sites(exercise)
    random.shuffle(names)
    return names


def _numbers(graph: Graph, random: Random) -> dict[str, float]:
    return {site: _number(random) for site in graph}


def _number(random: Random) -> float:
    """Draw a number with so many digits that of two mistakes one hardly ever leads to the other one's value."""
    return round(random.uniform(-25, 25), 5)


def _with_one_at_rest(numbers: dict[str, float], weights: Weights, random: Random) -> dict[str, float]:
    """Return the numbers with some changed: a site's neighbours nearly agree, and its first average is its number.

    Nearly, that is, in both: what is computed wrongly there is still not what is right.
    """
    site = random.choice(sorted(numbers))
    near = {other: round(numbers[site] + _NEAR * count, 5) for count, other in enumerate(weights[site])}
    average = sum(weight * near[other] for other, weight in weights[site].items()) / sum(weights[site].values())
    return numbers | near | {site: average + _HARDLY}


def _with_chords(random: Random) -> tuple[list[str], Graph]:
    """Draw the names and the graph of `exchange`, in which nothing goes by the order of names.

    No site is told its neighbours in that order, and low and high names do not alternate along the ring. If they did,
    each site's neighbours would all come before it, or all after it.
    """
    while True:
        names = _names("exchange", random)
        graph = graphs.with_chords(names, random)
        if any(min(others) < site < max(others) for site, others in graph.items()):
            return names, {site: others[::-1] for site, others in graph.items()}


def _with_different_degrees(names: list[str], random: Random) -> Graph:
    """Draw a graph for which no two formulas give the same weights, and the right one not all the same."""
    while True:
        graph = graphs.connected(names, random)
        right = graphs.metropolis(graph)
        by = [right, *(graphs.by_formula(graph, one) for one in graphs.OTHER_FORMULAS.values())]
        if not graphs.one_for_all(right) and all(one != other for one, other in combinations(by, 2)):
            return graph


def _late(site: str, number: int, graph: Graph, random: Random) -> Fault:
    """Hold the value of one neighbour in an iteration until another one's of the next iteration has been taken."""
    late, ahead = random.sample(graph[site], 2)
    while ahead in graph[late]:
        late, ahead = random.sample(graph[site], 2)
    after = (ahead, site, TOPIC, number + 2)
    return Fault(FaultKind.HOLD, late, site, TOPIC, (number + 1,), seconds=2.0, after=after)
