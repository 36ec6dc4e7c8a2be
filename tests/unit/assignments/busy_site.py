"""Right answers to ``reliable_messaging`` on a machine that may hold up anything, as the witness sees them."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.assignments.reliable_messaging.scenarios import ANNOUNCE, MOST_SENDS, NEWS, PING, UNKNOWN, others_of
from autograder.evidence.model import Evidence, LogLine, Message, TaskResult
from autograder.simulator.network.content import Content
from autograder.simulator.network.faults import Fate
from autograder.simulator.scenario import Scenario

_EXECUTOR = "ReliableExecutor"
_HANDLING = 0.002
"""Seconds that a handler takes on an idle machine."""


@dataclass(frozen=True)
class Delivery:
    """How an answer brings an item to the others.

    Attributes:
        timeout: of each send, as a part of the deadline.
        pause: the first one, as a part of the deadline.
        growth: from one pause to the next.
        in_turn: whether it does all for one receiver before it looks at the next, and not in rounds.
        looks_after_pause: whether it looks at the clock after a pause, and not at whether the pause fits in.
        is_blind: whether it never looks at the clock, which is a mistake.
        pauses_after_silence: whether it pauses also where a reply did not come in time; not to is a mistake.
        stops: whether it goes on at the deadline, when a thread of its own still waits for a reply.
    """

    timeout: float = 1 / 16
    pause: float = 1 / 64
    growth: float = 2.0
    in_turn: bool = False
    looks_after_pause: bool = False
    is_blind: bool = False
    pauses_after_silence: bool = True
    stops: bool = False


@dataclass(frozen=True)
class RollCall:
    """How an answer calls the roll.

    Attributes:
        timeouts: of the pings to each other site, one after another, as parts of the deadline.
        in_turn: whether it pings one site after the other.
    """

    timeouts: tuple[float, ...] = (0.4,)
    in_turn: bool = False


@dataclass
class _Site:
    """A site at work on its tasks; ``delay`` draws by how many seconds the machine holds up the next step."""

    name: str
    scenario: Scenario
    delay: Callable[[], float]
    now: float = 100.0
    messages: list[Message] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    results: list[TaskResult] = field(default_factory=list)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _last_seen: float = 0.0

    def announce(self, item: dict[str, Any], deadline: float, how: Delivery) -> None:
        """Do the task as exercise 1 asks for."""
        given = self.now
        self.now += self.delay()
        begin, delivered = self.now, set[str]()
        others = list(others_of(self.name))
        for receivers in [[one] for one in others] if how.in_turn else [others]:
            delivered |= self._bring(item, receivers, begin, deadline, how)
        gave_up = sorted(set(others) - delivered)
        told = ", ".join(sorted(delivered)) or "nobody"
        self.lines.append(f"Delivered {item['id']} to {told}; gave up on {', '.join(gave_up) or 'nobody'}")
        self._return("announce", "EXECUTION_RESULT_ERROR" if gave_up else "OK", given)

    def call_roll(self, deadline: float, how: RollCall) -> None:
        """Do the task as exercise 3 asks for."""
        given = self.now
        alive = {self.name}
        others = list(others_of(self.name))
        for receivers in [[one] for one in others] if how.in_turn else [others]:
            for timeout in how.timeouts:
                self.now += self.delay()
                if asked := [one for one in receivers if one not in alive]:
                    alive |= self._send(PING, None, asked, timeout * deadline)
        self.lines.append(f"Alive: {', '.join(sorted(alive))}")
        self._return("roll_call", "OK", given)

    def refuse(self, task: str) -> None:
        """Do a task of another name: say that it is not known."""
        self._return(task, "TASK_UNKNOWN", self.now)

    def _return(self, task: str, code: str, given: float) -> None:
        self.now += self.delay()
        self.results.append(TaskResult(self.name, task, code, self.now, given))

    def _bring(
        self, item: dict[str, Any], receivers: list[str], begin: float, deadline: float, how: Delivery
    ) -> set[str]:
        missing, pause, end = set(receivers), how.pause * deadline, begin + deadline
        for attempt in range(MOST_SENDS):
            self.now += self.delay()
            begun = self.now
            missing -= self._send(NEWS, item, sorted(missing), how.timeout * deadline, end if how.stops else math.inf)
            if not missing or attempt == MOST_SENDS - 1:
                break
            if not how.pauses_after_silence and self.now >= begun + how.timeout * deadline:
                continue
            looks_before = not how.is_blind and not how.looks_after_pause
            if looks_before and self.now + pause >= end:
                break
            self.now += pause + self.delay()
            if how.looks_after_pause and not how.is_blind and self.now >= end:
                break
            pause *= how.growth
        return set(receivers) - missing

    def _send(
        self, topic: str, item: dict[str, Any] | None, receivers: list[str], timeout: float, end: float = math.inf
    ) -> set[str]:
        """Send to all at once and wait, until a moment; return who has said OK by then.

        Messages of one site reach the witness in order.
        """
        ok, waited = set(), self.now
        content = Content("APP_DEFINED", item) if item else Content()
        for receiver in receivers:
            self._last_seen = seen = max(self.now + self.delay(), self._last_seen)
            self._counts[topic, receiver] += 1
            number = self._counts[topic, receiver]
            fate = self.scenario.faults.fate(self.name, receiver, topic, number)
            message = Message(0, self.name, receiver, topic, content, attempt=number, at=seen, fate=fate.faults)
            reply, answered_at = self._answer(fate, seen)
            back = answered_at + self.delay() if reply and not fate.reply_is_lost else math.inf
            in_time = back <= self.now + timeout
            waited = max(waited, min(back, self.now + timeout))
            ok |= {receiver} if in_time and reply == "OK" and back <= end else set()
            message = replace(message, reply=reply, answered_at=answered_at, answered_in_time=in_time)
            self.messages.append(replace(message, gave_up_after=0.0 if in_time else timeout))
        self.now = max(self.now, min(waited, end)) + self.delay()
        return ok

    def _answer(self, fate: Fate, seen: float) -> tuple[str | None, float]:
        """Return how and when a message is answered, as the witness sees it."""
        if fate.refusal:
            return fate.refusal, seen + fate.delay + self.delay()
        if not fate.arrivals:
            return None, 0.0
        return "OK", seen + fate.delay + _HANDLING + self.delay()


def evidence_of(scenario: Scenario, delivery: Delivery, roll_call: RollCall, delay: Callable[[], float]) -> Evidence:
    """Return the evidence of a run in which every site answers so, and the machine holds up what it likes."""
    messages: list[Message] = []
    lines, results = [], []
    for name in sorted(scenario.students):
        site = _Site(name, scenario, delay)
        for task in scenario.controller.arguments["tasks"]:
            data = task["data"]
            if task["task"] == ANNOUNCE:
                site.announce({"id": data["id"], "text": data["text"]}, data["deadline"], delivery)
            elif task["task"] == UNKNOWN:
                site.refuse(UNKNOWN)
            else:
                site.call_roll(data["deadline"], roll_call)
        messages += site.messages
        lines += [LogLine(name, "", _EXECUTOR, f"submission.{_EXECUTOR}", "INFO", "", text) for text in site.lines]
        results += site.results
    messages.sort(key=lambda one: one.at)
    numbered = (replace(one, number=number) for number, one in enumerate(messages, start=1))
    return Evidence(messages=tuple(numbered), log_lines=tuple(lines), results=tuple(results))
