"""The order in which definitions can run, as near to the notebook's as their needs allow."""

from collections.abc import Sequence

from autograder.submission.definitions import Definition
from autograder.submission.names import EVERY_NAME

MOST_SORTED = 300
"""More definitions than anyone writes for an exercise are left in the notebook's order: sorting takes its time."""


def in_order(definitions: Sequence[Definition]) -> list[Definition]:
    """Each after those that it needs when it runs, otherwise as in the notebook, imports first.

    Where that can be had, it also comes after what those need in turn, since they may be called right away, as
    decorators are. Definitions that need each other in a circle, which no order satisfies, stay as in the notebook.
    """
    ranked = sorted(range(len(definitions)), key=lambda index: (_rank(definitions[index]), index))
    if len(definitions) > MOST_SORTED:
        return [definitions[index] for index in ranked]
    providers = _providers(definitions)
    must = [_before(index, definitions, providers) for index in range(len(definitions))]
    should = [_before_if_called(index, definitions, providers, must) for index in range(len(definitions))]
    placed: list[int] = []
    while ranked:
        done = set(placed)
        index = next((i for wanted in (should, must) for i in ranked if wanted[i] <= done), None)
        if index is None:
            index = _first_in_a_circle(ranked, must, done)
        ranked.remove(index)
        placed.append(index)
    return [definitions[index] for index in placed]


def _rank(definition: Definition) -> int:
    if definition.text.startswith("from __future__"):
        return 0
    return 1 if definition.is_import else 2


def _providers(definitions: Sequence[Definition]) -> dict[str, list[int]]:
    providers: dict[str, list[int]] = {}
    for index, definition in enumerate(definitions):
        for name in definition.names:
            providers.setdefault(name, []).append(index)
    return providers


def _before(index: int, definitions: Sequence[Definition], providers: dict[str, list[int]]) -> set[int]:
    """What has to run before a definition."""
    definition = definitions[index]
    needed = (other for name in definition.needs_first for other in providers.get(name, ()))
    of_one_name = (other for name in definition.names - {EVERY_NAME} for other in providers[name])
    before = {other for other in needed if other < index or not definitions[other].adds_to}
    return (before | {other for other in of_one_name if other < index}) - {index}


def _before_if_called(
    index: int, definitions: Sequence[Definition], providers: dict[str, list[int]], must: list[set[int]]
) -> set[int]:
    seen = set(must[index])
    pending = list(seen)
    while pending:
        definition = definitions[pending.pop()]
        new = {other for name in definition.needs for other in providers.get(name, ())} - seen
        seen |= new
        pending += new
    return seen - {index}


def _first_in_a_circle(ranked: list[int], must: list[set[int]], done: set[int]) -> int:
    """The first of some that wait for each other."""
    path: list[int] = []
    index = ranked[0]
    while index not in path:
        path.append(index)
        index = min(must[index] - done, key=ranked.index)
    return min(path[path.index(index) :], key=ranked.index)
