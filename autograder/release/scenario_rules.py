"""Finds what is wrong with a scenario that an exercise has made, as far as can be told without a run."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any

from autograder.evidence.model import Evidence
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
    credited = [(messages, f" (credited to {name})") for name, messages in scenario.credited.items()]
    for messages, named in [(expected, ""), *credited]:
        for what, remedy in (*_absent(messages, parties), *_twice(messages), *_contradictions(messages)):
            yield f"The scenario {scenario.name}{named} {what}", remedy
    for what, remedy in _results(scenario, parties):
        yield f"The scenario {scenario.name} {what}", remedy
    yield from unreachable_in(scenario, expected)


def not_json(value: Any, at: str = "") -> str:
    """Return where in a value something stands that JSON has no form for, and what it is; nothing if nothing does."""
    match value:
        case None | bool() | int() | str():
            return ""
        case float():
            return "" if math.isfinite(value) else f"{at} is {value}"
        case list() | tuple():
            items: Any = ((f"{at}[{number}]", item) for number, item in enumerate(value))
        case dict():
            if other := next((key for key in value if not isinstance(key, str)), None):
                return f"{at} has the key {other!r}, which is no text"
            items = ((f"{at}.{key}" if at else key, item) for key, item in value.items())
        case _:
            return f"{at} is of type {type(value).__name__}"
    return next((found for place, item in items if (found := not_json(item, place))), "")


def repeated(names: list[str]) -> list[str]:
    """Return the names that are there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def _parties(scenario: Scenario, parties: set[str]) -> Iterator[Wrong]:
    if not scenario.students:
        yield f"In the scenario {scenario.name} nobody runs the student's code.", "Name those who do in students."
    for party in sorted(scenario.students - parties):
        what = f"The student {party} of the scenario {scenario.name} is no party of it."
        yield what, _name_one_of(parties)
    if SERVER in scenario.executors:
        what = f"The scenario {scenario.name} has an executor for {SERVER}."
        yield what, "Give it to a site; the server runs the controller."


def _unused_faults(scenario: Scenario, parties: set[str]) -> Iterator[Wrong]:
    """Find faults of the network that can hit nothing."""
    for fault in scenario.faults.faults:
        for name in sorted({fault.sender, fault.receiver, fault.party} - parties - {""}):
            what = f"A fault ({fault.kind}) of the scenario {scenario.name} is for {name}, who takes no part."
            yield what, _name_one_of(parties)


def _absent(expected: tuple[Expected, ...], parties: set[str]) -> Iterator[Wrong]:
    for name in sorted({party for one in expected for party in (one.sender, one.receiver)} - parties):
        does = "send" if any(one.sender == name for one in expected) else "receive"
        yield f"expects {name} to {does} messages, which takes no part.", _name_one_of(parties)


def _twice(expected: tuple[Expected, ...]) -> Iterator[Wrong]:
    by_way: dict[str, list[Expected]] = {}
    for one in expected:
        by_way.setdefault(_way(one), []).append(one)
    for way, found in by_way.items():
        if any(one in found[:number] for number, one in enumerate(found)):
            yield f"expects the same message twice: {way}.", "Leave one out, or say how often it comes with times."
        if any(one.repeats and replace(one, repeats=False) not in found[:number] for number, one in enumerate(found)):
            yield (
                f"repeats a message that is not said before: {way}.",
                "Put it behind one that is the same but for repeats.",
            )


def _contradictions(expected: tuple[Expected, ...]) -> Iterator[Wrong]:
    for one in expected:
        if said := _wrong_times(one.times):
            yield f"expects a message {said}: {_way(one)}.", "times is (least, most), or (least, None) for no limit."
        for what, remedy in _contradicting(one):
            yield f"{what}: {_way(one)}.", remedy
        for name in _unknown_fields(one):
            what = f"asks for a log line with the field {name}, which the message has not: {_way(one)}."
            yield what, "Name an item of its data, sender, receiver or topic, or give the template that field."


def _contradicting(one: Expected) -> Iterator[Wrong]:
    if one.refusable and not one.handled:
        yield "lets a receiver refuse what it need not handle", "Leave out refusable, or handled=False."
    if one.refusable and one.reply != "OK":
        yield f"expects the reply {one.reply} to what may be refused", "Leave out refusable, or reply."
    if one.refusable and one.log is None:
        yield "has a refusable message without a log line, so nothing shows who read it", "Say its log."
    if one.reply_content is not None and not one.handled:
        yield "says what the reply is to say to what need not be handled", "Leave out reply_content, or handled=False."
    if one.log is not None and not one.handled:
        yield "expects a log line of what need not be handled", "Leave out log, or handled=False."


def _results(scenario: Scenario, parties: set[str]) -> Iterator[Wrong]:
    """Find results of which something is asked that nobody sends, or that nobody can be believed about."""
    results = scenario.results_in(Evidence())
    for site in sorted({one.site for one in results} - (parties - {SERVER})):
        yield f"says what the results of {site} say, which is no site of it.", _name_one_of(parties - {SERVER})
    for site, task in sorted({(one.site, one.task) for one in results if one.site in parties}):
        if scenario.tasks and task not in scenario.tasks_of(site):
            what = f"says what the result of {site} for the task {task!r} says, which it does not get."
            yield what, "Name the site in tasks, or leave the result out."
    if results and SERVER in scenario.students:
        what = "says what results say, of which nobody tells but the student's own server."
        yield what, "Leave out results, or let the course run the server."


def _wrong_times(times: tuple[int, int | None]) -> str:
    least, most = times
    if least < 0:
        return f"at least {least} times"
    if most is not None and most < max(least, 1):
        return f"at least {least} and at most {most} times"
    return ""


def _unknown_fields(one: Expected) -> list[str]:
    items = _items(one.content)
    if one.log is None or items is None:
        return []
    fields = {name for _, name, _, _ in Formatter().parse(one.log.text) if name}
    return sorted(fields - _WAY - set(one.log.fields) - items)


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


def _name_one_of(parties: set[str]) -> str:
    return f"Name one of its parties: {', '.join(sorted(parties))}."
