"""Graphs of sites, the weights on their edges, and how values go on over them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise
from random import Random
from typing import Any

Graph = dict[str, list[str]]
"""Each site with its neighbours; every edge is there in both directions."""
Weights = dict[str, dict[str, float]]
"""Each site with the weights of its neighbours; what is left to 1 is its own."""

Formula = Callable[[int, int, int], float]
"""The weight of an edge from a site's own degree, its neighbour's, and the number of sites."""

_DIGITS = 4


def ring(names: Sequence[str]) -> Graph:
    """Return a ring: every site has two neighbours."""
    return _graph(names, [(name, names[number - 1]) for number, name in enumerate(names)])


def path(names: Sequence[str]) -> Graph:
    """Return a path: the sites at its ends have one neighbour."""
    return _graph(names, pairwise(names))


def star(names: Sequence[str]) -> Graph:
    """Return a star: the first site is the neighbour of all others, which have no other one."""
    return _graph(names, [(names[0], name) for name in names[1:]])


def hub(names: Sequence[str], others: Graph) -> Graph:
    """Return a graph with one more site, the last of the names, that is the neighbour of all others."""
    edges = [(site, other) for site in others for other in others[site]]
    return _graph(names, [*edges, *((names[-1], name) for name in names[:-1])])


def with_first(names: Sequence[str], graph: Graph) -> Graph:
    """Return a graph in which these sites come before all others among the neighbours of each."""
    first = {name: number for number, name in enumerate(names)}
    return {site: sorted(others, key=lambda name: first.get(name, len(names))) for site, others in graph.items()}


def with_chords(names: Sequence[str], random: Random) -> Graph:
    """Draw a ring of an even number of sites, and two chords from one. No two neighbours of a site are neighbours.

    Some sites have two neighbours, some have three, and one has four: sites of one kind alone would let a mistake hide.
    """
    number = random.randrange(len(names))
    chords = [(names[number], names[number - 3]), (names[number], names[(number + 3) % len(names)])]
    return joined(ring(names), _graph(names, chords))


def joined(one: Graph, other: Graph) -> Graph:
    """Return a graph with the edges of two."""
    edges = [(site, neighbour) for graph in (one, other) for site in graph for neighbour in graph[site]]
    return _graph([*one, *(name for name in other if name not in one)], edges)


def connected(names: Sequence[str], random: Random) -> Graph:
    """Draw a connected graph: a tree, and some edges more."""
    tree = [(name, random.choice(names[:number])) for number, name in enumerate(names) if number]
    more = [edge for edge in combinations(names, 2) if random.random() < 1 / len(names)]
    return _graph(names, [*tree, *more])


def metropolis(graph: Graph) -> Weights:
    """Return the Metropolis weights of a graph."""
    return by_formula(graph, lambda own, theirs, sites: 1 / (1 + max(own, theirs)))


OTHER_FORMULAS: dict[str, Formula] = {
    "own_degree": lambda own, theirs, sites: 1 / (1 + own),
    "smaller": lambda own, theirs, sites: 1 / (1 + min(own, theirs)),
    "without_one": lambda own, theirs, sites: 1 / max(own, theirs),
    "all_sites": lambda own, theirs, sites: 1 / sites,
    "sum": lambda own, theirs, sites: 1 / (1 + own + theirs),
}
"""Those that are written instead of the right one."""


def by_formula(graph: Graph, formula: Formula) -> Weights:
    """Return the weights of a graph by a formula."""
    degree = {site: len(others) for site, others in graph.items()}
    return {
        site: {other: formula(degree[site], degree[other], len(graph)) for other in others}
        for site, others in graph.items()
    }


def one_for_all(weights: Weights) -> bool:
    """Return whether every edge has the same weight, so that nobody knows which degrees were looked at."""
    return len({weight for of_site in weights.values() for weight in of_site.values()}) == 1


def drawn_weights(graph: Graph, random: Random) -> Weights:
    """Draw weights that are the same in both directions of an edge, so that they keep the average.

    They stand in the order of the neighbours in the graph.
    """
    weights: Weights = {site: {} for site in graph}
    for site, other in combinations(graph, 2):
        if other in graph[site]:
            most = 1 / (1 + max(len(graph[site]), len(graph[other])))
            weights[site][other] = weights[other][site] = round(most * random.uniform(0.4, 0.95), _DIGITS)
    return {site: {other: weights[site][other] for other in others} for site, others in graph.items()}


def as_config(weights: dict[str, float]) -> dict[str, Any]:
    """Return the data of the task ``config`` for a site with these neighbours."""
    return {"neighbors": [{"id": name, "weight": weight} for name, weight in weights.items()]}


def _graph(names: Sequence[str], edges: Iterable[tuple[str, str]]) -> Graph:
    there = {frozenset(edge) for edge in edges}
    return {name: [other for other in sorted(names) if frozenset((name, other)) in there] for name in sorted(names)}
