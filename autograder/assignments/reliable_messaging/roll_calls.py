"""Collects how a site called the roll, as the witness saw it, for the checks of exercise 3."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.assignments.reliable_messaging.scenarios import NEWS, PING, ROLL_CALL, others_of
from autograder.evidence.model import Message
from autograder.rubric import send_diagnostics
from autograder.rubric.model import RunEvidence
from autograder.rubric.receipts import component_lines

ALIVE = "Alive: "
_SLOW = 0.97 / 3
"""The part of the deadline for which an answer has to be waited for; clocks are a little inexact."""
_QUICK = 0.3
"""Who got an answer within this part of the deadline had it in time, whatever it took on its way from the witness."""
_HASTY = 0.25
"""Whose result comes so soon after its task cannot have waited for long enough."""
_UNTIL_THE_END = 0.9
"""Who waits until so much of the deadline is over may have had no more of it left."""
_NEXT = (-0.03, 0.1)
"""From when to when, in parts of the deadline, after the end of a wait what is sent has waited for that."""


@dataclass(frozen=True)
class RollCall:
    """A site's part in a roll call: whom it has asked, and what it was told.

    Attributes:
        pings: to each other site, in order.
        lines: those of its log that say who is alive.
        given: when it was given the task; 0 where nobody knows.
        ended: when its result came; 0 if none did.
    """

    run: RunEvidence
    site: str
    deadline: float
    pings: dict[str, tuple[Message, ...]]
    lines: tuple[str, ...]
    given: float
    ended: float

    @property
    def began(self) -> float:
        """Return when the first ping was sent; 0 when none was."""
        return min((ping.at for pings in self.pings.values() for ping in pings), default=0.0)

    @property
    def is_in_time(self) -> bool:
        """Return whether its result was there before the deadline, whatever its timeouts are."""
        return bool(self.ended) and self.ended - self.given < self.deadline

    @property
    def slowest_answer(self) -> float:
        """Return the longest time from a message to its answer, in seconds, at any site: how busy the machine was."""
        return max((one.answered_at - one.at for one in self.run.evidence.messages if one.reply), default=0.0)

    @property
    def answered(self) -> set[str]:
        """Return who has answered OK quickly, and whose answer has come to the site."""
        quick = _QUICK * self.deadline
        return self._of(lambda ping: ping.answered_in_time and ping.answered_at - ping.at <= quick)

    @property
    def slow(self) -> set[str]:
        """Return who has answered OK, when the site had not waited for as long as a slow peer may take."""
        return self._of(lambda ping: True) - self._of(self._is_waited_for)

    @property
    def patience(self) -> float:
        """Return for how many seconds it was ready to wait for one that never answers, with all pings together.

        Pings that are sent while an earlier one is waited for count once. The time is that of timeouts, so it is the
        same on any machine.
        """
        return max((_waited(pings) for pings in self.pings.values() if _is_silent(pings)), default=0.0)

    @property
    def in_a_row(self) -> float:
        """Return the seconds that it waited for pings of which each was sent when the wait for another one was over.

        Only what is the same on any machine counts: timeouts, and delays of the network.
        """
        soonest, latest = (part * self.deadline for part in _NEXT)
        rows: list[tuple[float, float]] = []  # when each ends, and for how long all of it was waited for
        for one in sorted((one for pings in self.pings.values() for one in pings), key=lambda ping: ping.at):
            before = (waited for end, waited in rows if soonest <= one.at - end <= latest)
            end = one.answered_at if one.answered_in_time else one.at + one.gave_up_after
            rows.append((end, self._waited_for(one) + max(before, default=0.0)))
        return max((waited for _, waited in rows), default=0.0)

    def _waited_for(self, ping: Message) -> float:
        fate = self.run.scenario.faults.fate(ping.sender, ping.receiver, ping.topic, ping.attempt)
        return min(fate.delay, ping.answered_at - ping.at) if ping.answered_in_time else ping.gave_up_after

    @property
    def unheard(self) -> dict[str, float]:
        """Return who never answered and was given up on before a slow peer might have answered, and after how long.

        In a transaction NVFlare asks again, however short the timeout of one message is.
        """
        found = {}
        for to, pings in self.pings.items():
            patience = max((one.gave_up_after for one in pings), default=0.0)
            if _is_silent(pings) and patience and not any(map(self._is_patient, pings)):
                found[to] = patience
        return found

    @property
    def doubtful(self) -> set[str]:
        """Return who has answered OK later than that, or too late for a site that had waited for long enough."""
        return self._of(self._is_waited_for) - self.answered

    def _is_waited_for(self, ping: Message) -> bool:
        is_hasty = bool(self.ended) and self.ended - self.given < _HASTY * self.deadline
        return not is_hasty and (ping.answered_in_time or self._is_patient(ping))

    def _is_patient(self, ping: Message) -> bool:
        """Return whether a ping that got no answer in time was waited for as long as it may take, or as could be."""
        is_first = ping == self.pings[ping.receiver][0]
        until = ping.at - self.began + ping.gave_up_after
        return ping.gave_up_after >= _SLOW * self.deadline or (is_first and until >= _UNTIL_THE_END * self.deadline)

    def _of(self, fits: Callable[[Message], bool]) -> set[str]:
        """Return who has answered OK to a ping that fits."""
        return {to for to, pings in self.pings.items() if any(_is_ok(one) and fits(one) for one in pings)}

    def failed_with(self, site: str) -> str:
        """Return the last answer of a site other than OK; empty if there was none."""
        codes = [one.reply for one in self.pings.get(site, ()) if one.reply and one.reply != "OK"]
        return codes[-1] if codes else ""


def roll_calls(played: Sequence[RunEvidence]) -> Iterator[RollCall]:
    """Yield the part of each of the student's sites in the roll calls of some runs."""
    for run in played:
        (task,) = [one for one in run.scenario.controller.arguments["tasks"] if one["task"] == ROLL_CALL]
        own = of_students(run)
        for site in sorted(run.scenario.students):
            sent = [one for one in send_diagnostics.sent(own, site) if one.topic == PING]
            to = {other: tuple(one for one in sent if one.receiver == other) for other in others_of(site)}
            lines = tuple(line.text for line in component_lines(run, site) if line.text.startswith(ALIVE))
            results = [one for one in own.evidence.results if one.site == site]
            given = max((one.given_at for one in results), default=0.0)
            ended = max((one.at for one in results), default=0.0)
            yield RollCall(run, site, task["data"]["deadline"], to, lines, given, ended)


def of_students(run: RunEvidence) -> RunEvidence:
    """Return a run without the news, which the course has sent or the task before was about."""
    expected = tuple(one for one in run.scenario.expected_in(run.evidence) if one.topic != NEWS)
    messages = tuple(one for one in run.evidence.messages if one.topic != NEWS)
    results = tuple(one for one in run.evidence.results if one.task == ROLL_CALL)
    scenario = replace(run.scenario, expected=expected)
    return replace(run, scenario=scenario, evidence=replace(run.evidence, messages=messages, results=results))


def _is_ok(ping: Message) -> bool:
    return ping.reply == "OK"


def _is_silent(pings: Sequence[Message]) -> bool:
    return all(one.reply is None and not one.transaction for one in pings)


def _waited(pings: Sequence[Message]) -> float:
    """Return the seconds in which at least one of these was waited for, by their timeouts."""
    total, until = 0.0, 0.0
    for one in pings:
        end = one.at + one.gave_up_after
        total += max(0.0, end - max(until, one.at))
        until = max(until, end)
    return total
