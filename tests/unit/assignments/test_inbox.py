"""What the checks of ``exactly_once`` say of a memory, by what it kept and what it took for the same."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from autograder import assignments
from autograder.assignments.reliable_messaging.scenarios import NEWS, SITES
from autograder.evidence.model import Evidence, LogLine, Message
from autograder.rubric.model import Cast, Finding, RunEvidence
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Part
from tests.unit.rubric.evidence import hint_of

EXERCISE = assignments.load("reliable_messaging").exercise("exactly_once")
Item = dict[str, str]
Logs = Callable[[list[Item]], list[Item]]
"""What a site logs of the items that came, in order; each with its ``sender``, and the ``turn`` in which it came."""


def judged(logs: Logs, seed: int = 1, name: str = "logged") -> Finding:
    """The finding of a check on what is logged, where each item came twice at once at first, and was answered OK."""
    cast = Cast(lambda name: Part("submission", name), lambda name, arguments: Part("peers", name), Random(seed), seed)
    (scenario,) = EXERCISE.cross_play(cast)
    came: dict[str, list[Item]] = {site: [] for site in SITES}
    messages: list[Message] = []
    for turn, said in enumerate(scenario.controller.arguments["turns"]):
        for sender, lines in said.items():
            for one in lines:
                content, number = Content("APP_DEFINED", one["data"]), len(messages) + 1
                attempt = 1 + sum((m.sender, m.receiver) == (sender, one["receiver"]) for m in messages)
                right = Message(number, sender, one["receiver"], NEWS, content, reply="OK", answered_in_time=True)
                messages.append(replace(right, attempt=attempt))
                came[one["receiver"]] += [{**one["data"], "sender": sender, "turn": str(turn)}] * (1 if turn else 2)
    lines = tuple(
        LogLine(site, "", "Inbox", "submission.Inbox", "INFO", "", f"News {i['id']} from {i['sender']}: {i['text']}")
        for site, items in came.items()
        for i in logs(items)
    )
    (check,) = [one for one in EXERCISE.checks if one.name == name]
    return check.judge([RunEvidence(scenario, Evidence(messages=tuple(messages), log_lines=lines))])


def known_by(*parts: str) -> Logs:
    """A memory that takes two items for the same when these parts of them are."""

    def logs(items: list[Item]) -> list[Item]:
        kept = {tuple(item[part] for part in parts): item for item in reversed(items)}
        return list(kept.values())

    return logs


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("id",), "id"),
        (("sender",), "sender"),
        (("text",), "text"),
        (("sender", "text"), "text"),
        (("id", "text"), "id_and_text"),
    ],
)
def test_what_is_taken_for_another_is_known_by_what_they_share(parts: tuple[str, ...], said: str, seed: int) -> None:
    finding = judged(known_by(*parts), seed)

    assert not finding.passed and hint_of(finding).code == f"once.by_{said}"


def test_a_memory_by_sender_and_id_passes() -> None:
    assert judged(known_by("sender", "id")).passed


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "is_known",
    [
        lambda name, taken: name in taken,
        lambda name, taken: name[:4] == taken[:4],
        lambda name, taken: taken.startswith(name),
    ],
    ids=["in another", "by its beginning", "begins another"],
)
def test_an_id_is_not_known_by_a_part_of_it(is_known: Callable[[str, str], bool], seed: int) -> None:
    def logs(items: list[Item]) -> list[Item]:
        kept: list[Item] = []
        for item in items:
            if not any(is_known(item["id"], one["id"]) and item["sender"] == one["sender"] for one in kept):
                kept.append(item)
        return kept

    finding = judged(logs, seed)

    assert not finding.passed and not hint_of(finding).code.startswith("once.by_")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [1, 3, 6, 10])
def test_a_memory_of_the_last_that_came_is_too_short(size: int, seed: int) -> None:
    def logs(items: list[Item]) -> list[Item]:
        last, kept = deque[tuple[str, str]](maxlen=size), []
        for item in items:
            if (item["sender"], item["id"]) not in last:
                kept.append(item)
            last.append((item["sender"], item["id"]))
        return kept

    finding = judged(logs, seed, "once")

    assert not finding.passed


def only_what_came_alone(items: list[Item]) -> list[Item]:
    """Two threads count an item, and then both see that they are not the first one."""
    before = {item["id"] for item in items if item["turn"] == "0"}
    return [item for item in items if item["id"] not in before]


def one_of_those_at_once(items: list[Item]) -> list[Item]:
    """A thread that finds the lock taken goes on as if the item were known."""
    return [items[0], *(item for item in items if item["turn"] == "1" and item["sender"] == items[0]["sender"])][:3]


def of_one_and_some(items: list[Item]) -> list[Item]:
    """Threads write over what others keep in the same attribute."""
    return [item for number, item in enumerate(known_by("sender", "id")(items)) if number in (0, 4, 5)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("logs", [only_what_came_alone, one_of_those_at_once, of_one_and_some])
def test_what_threads_lose_is_not_said_to_be_taken_for_another(logs: Logs, seed: int) -> None:
    """An item that shares a part with one that was logged need not have been taken for that one."""
    finding = judged(logs, seed)

    assert not finding.passed and not hint_of(finding).code.startswith("once.by_")
