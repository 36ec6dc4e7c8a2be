"""Finds what is wrong with a scenario that an exercise has made, as far as can be told without a run."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any

from autograder.evidence.model import Evidence
from autograder.release.ambiguous import ambiguous_in
from autograder.release.fault import Wrong
from autograder.release.unreachable import unreachable_in
from autograder.rubric.matchers import AnyOf, Close, Equals
from autograder.simulator.network.content import Matcher
from autograder.simulator.scenario import SERVER, Expected, Scenario

_WAY = frozenset({"sender", "receiver", "topic"})


def wrong_with(scenario: Scenario) -> Iterator[Wrong]:
    """Find what is wrong with the parties of a scenario, and with what it expects.

    Raises:
        Exception: whatever its function for expected messages raises when nothing was seen.
    """
    parties = {SERVER, *scenario.executors}
    yield from _parties(scenario, parties)
    yield from _unused_faults(scenario, parties)
    expected = scenario.expected_in(Evidence())
    for credited, messages in [("", expected), *scenario.credited.items()]:
        for wrong in (*_absent(messages, parties), *_twice(messages), *_contradictions(messages)):
            yield replace(wrong, data={**wrong.data, "scenario": scenario.name, "credited": credited})
    yield from _results(scenario, parties)
    yield from unreachable_in(scenario, expected)


def not_json(value: Any, at: str = "") -> dict[str, str]:
    """Return where in a value something stands that JSON has no form for, and what it is; nothing if nothing does.

    Returns:
        the place as ``at``, and there one of a ``key`` that is no text, a ``value`` that is no finite number, or the
        ``kind`` of anything else.
    """
    match value:
        case None | bool() | int() | str():
            return {}
        case float():
            return {} if math.isfinite(value) else {"at": at, "value": str(value)}
        case list() | tuple():
            items: Any = ((f"{at}[{number}]", item) for number, item in enumerate(value))
        case dict():
            if other := next((key for key in value if not isinstance(key, str)), None):
                return {"at": at, "key": repr(other)}
            items = ((f"{at}.{key}" if at else key, item) for key, item in value.items())
        case _:
            return {"at": at, "kind": type(value).__name__}
    return next((found for place, item in items if (found := not_json(item, place))), {})


def repeated(names: list[str]) -> list[str]:
    """Return the names that are there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def _parties(scenario: Scenario, parties: set[str]) -> Iterator[Wrong]:
    if not scenario.students:
        yield Wrong("scenario.no_student", {"scenario": scenario.name})
    for party in sorted(scenario.students - parties):
        told = {"name": party, "scenario": scenario.name, "parties": _listed(parties)}
        yield Wrong("scenario.student_absent", told)
    if SERVER in scenario.executors:
        yield Wrong("scenario.executor_for_server", {"scenario": scenario.name, "name": SERVER})


def _unused_faults(scenario: Scenario, parties: set[str]) -> Iterator[Wrong]:
    """Find faults of the network that can hit nothing."""
    for fault in scenario.faults.faults:
        for name in sorted({fault.sender, fault.receiver, fault.party} - parties - {""}):
            told = {"kind": str(fault.kind), "scenario": scenario.name, "name": name, "parties": _listed(parties)}
            yield Wrong("scenario.fault_absent", told)


def _absent(expected: tuple[Expected, ...], parties: set[str]) -> Iterator[Wrong]:
    for name in sorted({party for one in expected for party in (one.sender, one.receiver)} - parties):
        sends = any(one.sender == name for one in expected)
        code = "expected.sender_absent" if sends else "expected.receiver_absent"
        yield Wrong(code, {"name": name, "parties": _listed(parties)})


def _twice(expected: tuple[Expected, ...]) -> Iterator[Wrong]:
    by_way: dict[str, list[Expected]] = {}
    for one in expected:
        by_way.setdefault(_way(one), []).append(one)
    for way, found in by_way.items():
        if any(one in found[:number] for number, one in enumerate(found)):
            yield Wrong("expected.twice", {"way": way})
        if any(one.repeats and replace(one, repeats=False) not in found[:number] for number, one in enumerate(found)):
            yield Wrong("expected.repeats_nothing", {"way": way})
        yield from ambiguous_in(way, found)


def _contradictions(expected: tuple[Expected, ...]) -> Iterator[Wrong]:
    for one in expected:
        for code, told in (*_wrong_times(*one.times), *_contradicting(one), *_unknown_fields(one)):
            yield Wrong(code, {"way": _way(one), **told})


def _contradicting(one: Expected) -> Iterator[tuple[str, dict[str, str]]]:
    if one.refusable and not one.handled:
        yield "expected.refused_unhandled", {}
    if one.refusable and one.reply != "OK":
        yield "expected.refused_reply", {"reply": one.reply}
    if one.refusable and one.log is None:
        yield "expected.refused_unlogged", {}
    if one.reply_content is not None and not one.handled:
        yield "expected.reply_unhandled", {}
    if one.log is not None and not one.handled:
        yield "expected.logged_unhandled", {}


def _results(scenario: Scenario, parties: set[str]) -> Iterator[Wrong]:
    """Find results of which something is asked that nobody sends, or that nobody can be believed about."""
    results, sites = scenario.results_in(Evidence()), parties - {SERVER}
    for site in sorted({one.site for one in results} - sites):
        told = {"scenario": scenario.name, "name": site, "parties": ", ".join(sorted(sites))}
        yield Wrong("result.site_absent", told)
    for site, task in sorted({(one.site, one.task) for one in results if one.site in parties}):
        if scenario.tasks and task not in scenario.tasks_of(site):
            yield Wrong("result.no_task", {"scenario": scenario.name, "name": site, "task": task})
    if results and SERVER in scenario.students:
        yield Wrong("result.not_believed", {"scenario": scenario.name})


def _wrong_times(least: int, most: int | None) -> Iterator[tuple[str, dict[str, str]]]:
    if least < 0:
        yield "expected.times", {"least": str(least)}
    elif most is not None and most < max(least, 1):
        yield "expected.times", {"least": str(least), "most": str(most)}


def _unknown_fields(one: Expected) -> Iterator[tuple[str, dict[str, str]]]:
    items = _items(one.content)
    if one.log is None or items is None:
        return
    fields = {name for _, name, _, _ in Formatter().parse(one.log.text) if name}
    for name in sorted(fields - _WAY - set(one.log.fields) - items):
        yield "expected.log_field", {"name": name}


def _items(content: Matcher) -> set[str] | None:
    """Return the items of the data that a matcher asks for; None when there may be others."""
    match content:
        case Equals(data=Mapping() as data) | Close(data=Mapping() as data):
            return set(data)
        case AnyOf(options=options):
            found = [_items(option) for option in options]
            return None if None in found else set().union(*filter(None, found))
    return None


def _way(one: Expected) -> str:
    return f"{one.topic} from {one.sender} to {one.receiver}"


def _listed(parties: set[str]) -> str:
    return ", ".join(sorted(parties))
