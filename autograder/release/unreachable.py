"""Finds what a scenario expects, credits or waits for although nothing in it can bring that about."""

from collections.abc import Iterator, Sequence

from autograder.release.fault import Wrong
from autograder.simulator.scenario import SERVER, Expected, Scenario
from autograder.simulator.until import LogSays, MessagesSeen


def unreachable_in(scenario: Scenario, expected: Sequence[Expected]) -> Iterator[Wrong]:
    """Find messages that nobody can send, and conditions that cannot be met.

    Args:
        expected: what the scenario expects where nothing was seen.
    """
    yield from _unsent(scenario, expected)
    yield from _unanswered(scenario, expected)
    yield from _uncredited(scenario)
    parties = {SERVER, *scenario.executors}
    for condition in scenario.until:
        match condition:
            case LogSays():
                for name in sorted(set(condition.parties) - parties):
                    told = {"scenario": scenario.name, "name": name, "line": condition.prefix}
                    yield Wrong("until.absent", {**told, "parties": ", ".join(sorted(parties))})
            case MessagesSeen():
                yield from _too_many_awaited(scenario, condition, expected)
    yield from _never_gathered(scenario, expected)


def _unsent(scenario: Scenario, expected: Sequence[Expected]) -> Iterator[Wrong]:
    receivers = {one.receiver for one in expected}
    dead = scenario.faults.dead_from_the_start
    # Where there are no tasks at all, a `Conductor` of the course's lets sites say something.
    students = scenario.students & scenario.executors.keys() if scenario.tasks else frozenset()
    idle = {site for site in students if not scenario.tasks_of(site)}
    for sender in sorted({one.sender for one in expected if one.times[0]}):
        if sender in dead:
            yield Wrong("expected.of_the_dead", {"scenario": scenario.name, "sender": sender})
        elif sender in idle - receivers:
            yield Wrong("expected.of_the_idle", {"scenario": scenario.name, "sender": sender})


def _unanswered(scenario: Scenario, expected: Sequence[Expected]) -> Iterator[Wrong]:
    """Find replies with content where the course answers in place of the student's site."""
    asked = {one.topic for one in expected if one.reply_content and one.receiver in scenario.students}
    for topic in sorted(asked.intersection(scenario.acknowledged)):
        yield Wrong("expected.reply_of_the_course", {"scenario": scenario.name, "topic": topic})


def _uncredited(scenario: Scenario) -> Iterator[Wrong]:
    for method, messages in scenario.credited.items():
        idle = {site for site in scenario.executors if not scenario.tasks_of(site)}
        for sender in sorted(idle & {one.sender for one in messages}):
            yield Wrong("credited.no_task", {"scenario": scenario.name, "method": method, "sender": sender})


def _too_many_awaited(scenario: Scenario, wanted: MessagesSeen, expected: Sequence[Expected]) -> Iterator[Wrong]:
    ways = [
        one
        for one in expected
        if one.topic == wanted.topic and wanted.sender in ("", one.sender) and wanted.receiver in ("", one.receiver)
    ]
    if (most := _most(ways)) is not None and most < wanted.least:
        told = {"scenario": scenario.name, "topic": wanted.topic}
        yield Wrong("until.too_many", {**told, "least": wanted.least, "most": most})


def _never_gathered(scenario: Scenario, expected: Sequence[Expected]) -> Iterator[Wrong]:
    if (gather := scenario.gather) is None:
        return
    if gather.count < 1:
        yield Wrong("gather.none", {"scenario": scenario.name, "count": gather.count})
    for party in sorted(scenario.students):
        most = _most([one for one in expected if (one.receiver, one.topic) == (party, gather.topic)])
        if most is not None and most < gather.count:
            told = {"scenario": scenario.name, "topic": gather.topic, "party": party}
            yield Wrong("gather.too_many", {**told, "count": gather.count, "most": most})


def _most(messages: Sequence[Expected]) -> int | None:
    """Return how many messages there can be; None for any number."""
    most = [one.times[1] for one in messages]
    return None if None in most else sum(count for count in most if count is not None)
