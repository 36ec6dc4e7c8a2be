"""Collects what a site did to bring its items to the others, as the witness saw it, for the checks of exercise 1."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from autograder.assignments.reliable_messaging.scenarios import ANNOUNCE, NEWS, others_of
from autograder.evidence.model import Message, TaskResult
from autograder.rubric.model import RunEvidence

FIRST_PAUSE = 1 / 64
"""The least pause after the first send, as a part of the deadline; each one after it is twice as long at least."""
NEARLY = 0.97
"""Clocks of several processes are read, and sleeping is a little inexact."""
_ROUNDS_THAT_CHANCE_EXPLAINS = 2
_AT_THE_END, _LATE = 0.9, 0.5
"""Whose result comes after the first part of the deadline may have stopped by a clock of its own, and an OK that comes
after the second part may have been held up until then."""


@dataclass(frozen=True)
class Link:
    """The messages with which a site announced an item to a receiver, in order."""

    receiver: str
    sends: tuple[Message, ...]

    @property
    def acknowledged(self) -> Message | None:
        """Return the first one of which the sender learned that it was taken."""
        return next((one for one in self.sends if one.reply == "OK" and one.answered_in_time), None)

    def after_ok(self, under_way: float) -> int:
        """Return how many were sent when the receiver had said OK.

        Args:
            under_way: the seconds that the OK may take until the sender knows of it.
        """
        told = self.acknowledged
        return sum(one.at > told.answered_at + under_way for one in self.sends) if told else 0

    @property
    def answers(self) -> list[str]:
        """Return what the sender got for each of them."""
        return [one.reply if one.reply and one.answered_in_time else "TIMEOUT" for one in self.sends]

    @property
    def shows_own_clock(self) -> bool:
        """Return whether its sender sent again before it had an answer, and before the timeout was over."""
        return any(
            following.at < one.answered_at
            if one.answered_in_time
            else following.at - one.at < NEARLY * one.gave_up_after
            for _, one, following in self.intervals
        )

    @property
    def last_news(self) -> float:
        """Return when the sender had the answer to the last one, or no longer waited for it; never, if nobody knows."""
        return _free_after(self.sends[-1])

    @property
    def patience(self) -> float:
        """Return the longest timeout after which the sender gave up."""
        return max((one.gave_up_after for one in self.sends), default=0.0)

    @property
    def last_pause(self) -> float:
        """Return the seconds between the last two sends, of which a part was the pause; 0 if there were no two."""
        return self.sends[-1].at - self.sends[-2].at if len(self.sends) > 1 else 0.0

    @property
    def pauses(self) -> Iterator[tuple[int, float]]:
        """Yield after which send, from 1, a pause of how many seconds was made, as it can at most have been.

        Only an answer tells since when a sender can have paused: a message that got lost may have been on its way to
        the witness for long.
        """
        for number, one, following in self.intervals:
            if one.answered_in_time:
                yield number, following.at - one.answered_at

    @property
    def intervals(self) -> Iterator[tuple[int, Message, Message]]:
        """Yield each send but the last with its number, from 1, and the one after it."""
        for number, (one, following) in enumerate(zip(self.sends, self.sends[1:], strict=False), start=1):
            yield number, one, following


@dataclass(frozen=True)
class Announcement:
    """A site's work on one task.

    Attributes:
        id: of the item.
        deadline: in seconds.
        links: one for each other site.
        result: None if none came.
        own_clock: whether the site goes by a clock of its own, and not by replies and timeouts alone.
    """

    run: RunEvidence
    site: str
    id: str
    deadline: float
    links: tuple[Link, ...]
    result: TaskResult | None
    own_clock: bool

    @property
    def began(self) -> float:
        """Return when the first message was sent, which is after the task came."""
        return min((one.at for link in self.links for one in link.sends), default=0.0)

    def until(self, moment: float) -> float:
        """Return the seconds from when the task was given to a moment: no less than since ``execute`` was called."""
        return moment - self.result.given_at if self.result else 0.0

    @property
    def slowest_answer(self) -> float:
        """Return the longest time from a message to its answer, in seconds: how busy the machine was."""
        answered = (one for link in self.links for one in link.sends if one.answered_in_time)
        return max((one.answered_at - one.at for one in answered), default=0.0)

    @property
    def is_retried(self) -> bool:
        """Return whether anything was sent again."""
        return any(len(link.sends) > 1 for link in self.links)

    def went_on_without(self, link: Link) -> bool:
        """Return whether another receiver was sent to more often, after the last send here, than chance explains.

        In a round every receiver is sent to once. Of two rounds, a busy machine and the deadline may leave one out.
        """
        later = (sum(one.at > link.sends[-1].at for one in other.sends) for other in self.links if other is not link)
        return max(later, default=0) > _ROUNDS_THAT_CHANCE_EXPLAINS

    @property
    def delivered(self) -> list[str]:
        """Return who has said OK to the sender."""
        return sorted(link.receiver for link in self.links if link.acknowledged)

    @property
    def given_up(self) -> list[str]:
        """Return the others."""
        return sorted(link.receiver for link in self.links if not link.acknowledged)

    @property
    def tellings(self) -> list[tuple[list[str], list[str]]]:
        """Return what a site may say of who has the item and who was given up on: first what all replies say.

        Who stops when the deadline comes may not have learned of an OK that came at the end, though it was waited for.
        """
        unsure = [link.receiver for link in self.links if self._may_be_unheard(link)]
        without = chain.from_iterable(combinations(unsure, count) for count in range(len(unsure) + 1))
        receivers = sorted(link.receiver for link in self.links)
        told = ([one for one in self.delivered if one not in left_out] for left_out in without)
        return [(delivered, [one for one in receivers if one not in delivered]) for delivered in told]

    def _may_be_unheard(self, link: Link) -> bool:
        if not link.acknowledged or not self.result or self.until(self.result.at) < _AT_THE_END * self.deadline:
            return False
        return self.until(link.acknowledged.answered_at) >= _LATE * self.deadline

    def rests(self, link: Link) -> Iterator[tuple[int, float, float]]:
        """Yield after which send, from 1, the site rested for how many seconds, and how long it paused next, at most.

        Waiting for the replies of anybody is no rest.
        """
        pauses = dict(link.pauses)
        for number, pause in pauses.items():
            if following := pauses.get(number + 1):
                end = link.sends[number].at
                yield number, self._longest_rest(end - pause, end), following

    def _longest_rest(self, begin: float, end: float) -> float:
        """Return the longest time between two moments in which no reply was waited for."""
        sends = sorted((one for other in self.links for one in other.sends if one.at < end), key=lambda one: one.at)
        longest, free = 0.0, begin
        for one in sends:
            longest = max(longest, one.at - free)
            free = max(free, _free_after(one))
        return max(longest, end - free)

    def short_pauses(self, link: Link) -> list[int]:
        """Return after which sends, from 1, a pause was certainly too short."""
        if self.own_clock:  # its pauses may begin before an answer comes, or a timeout is over
            return self._hurried(link, by_replies=False)
        found = [number for number, pause in link.pauses if pause < NEARLY * self._least_pause(number)]
        return found or self._hurried(link, by_replies=True)

    def _least_pause(self, number: int) -> float:
        return FIRST_PAUSE * float(2 ** (number - 1)) * self.deadline

    def _hurried(self, link: Link, *, by_replies: bool) -> list[int]:
        """Return the sends after which a pause was too short, although no answer tells when it began.

        The task came before the first send. Since then, or since the last answer, each timeout and each pause has taken
        its time, or what was sent next was sent too soon: the witness sees nothing before it was sent.

        Args:
            by_replies: whether a pause begins when a reply has come, or is no longer waited for.
        """
        since, least, found = self.result.given_at if self.result else math.inf, 0.0, []
        for number, one, following in link.intervals:
            if by_replies and one.answered_in_time:
                since, least = one.answered_at, 0.0
            least += self._least_pause(number) + (one.gave_up_after if by_replies else 0.0)
            if following.at - since < NEARLY * least:
                found.append(number)
        return found

    def after_deadline(self, link: Link) -> int:
        """Return how many messages were certainly sent, or decided on, when the deadline was over.

        What the witness saw late may have been long on its way. So what counts is since when a sender that pauses as
        it should can have sent: after the answer to the message before, or after it gave up on that. Who goes by a
        clock of its own may have waited for neither.
        """
        over, late = self.began + self.deadline, 0
        earliest = self.result.given_at if self.result else 0.0
        for number, (one, following) in enumerate(zip(link.sends, link.sends[1:], strict=False)):
            waited = 0.0 if self.own_clock else one.gave_up_after
            free = one.answered_at if one.answered_in_time and not self.own_clock else earliest + waited
            if free < following.at:
                earliest = free + FIRST_PAUSE * 2**number * self.deadline
            late += earliest > over
        return late


def _free_after(one: Message) -> float:
    """Return when a reply was no longer waited for; never, where nobody knows."""
    if one.answered_in_time:
        return one.answered_at
    return one.at + one.gave_up_after if one.gave_up_after else math.inf


def announcements(played: Sequence[RunEvidence]) -> Iterator[Announcement]:
    """Yield the work of each of the student's sites on each item."""
    for run in played:
        tasks = [one for one in run.scenario.controller.arguments["tasks"] if one["task"] == ANNOUNCE]
        for site in sorted(run.scenario.students):
            results = [one for one in run.evidence.results if one.site == site and one.task == ANNOUNCE]
            items = [task["data"] for task in tasks]
            links = [tuple(Link(to, _sends(run, site, to, item["id"])) for to in others_of(site)) for item in items]
            own_clock = any(link.shows_own_clock for link in chain.from_iterable(links))
            for number, item in enumerate(items):
                result = results[number] if number < len(results) else None
                yield Announcement(run, site, item["id"], item["deadline"], links[number], result, own_clock)


def _sends(run: RunEvidence, site: str, receiver: str, name: str) -> tuple[Message, ...]:
    sent = (one for one in run.evidence.distinct if (one.sender, one.receiver) == (site, receiver))
    return tuple(one for one in sent if one.topic == NEWS and one.content.get("id") == name)
