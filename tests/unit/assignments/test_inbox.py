"""What the checks of ``exactly_once`` say of a memory, by what it kept and what it took for the same."""

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


def judged(logs: Logs, seed: int = 1) -> Finding:
    """The finding on whether every item is logged, where each came twice at once at first, and was answered OK."""
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
    (check,) = [one for one in EXERCISE.checks if one.name == "logged"]
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


def only_what_came_alone(items: list[Item]) -> list[Item]:
    """Two threads count an item, and then both see that they are not the first one."""
    return [item for item in items if items.count(item) == 1 and item["id"] == items[-1]["id"]]


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
