"""Pairs the messages that were seen with those that were expected: the one matching that all else reads.

On each way (sender, receiver, topic) as many messages as can be are paired with an expectation that they meet. Those
that are left stand for expectations that have too few, first where the `key` is the same, then in their order: these
say something else. What is more than was asked for is repeated, or was not asked for at all, as everything is that was
sent before anybody was asked to. What NVFlare has sent again by itself is the same message, and in no place.

What a reply says decides about no pair: it is compared with the expectation for which its message stands. One to a
message that says something else is no fault of a receiver that has answered another message as it should: what the
right answer to that would be, nobody knows. A result stands for the expectation of its site and task, in their order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder.evidence.model import Message, TaskResult
from autograder.simulator.network.content import Content, Difference, Matcher, Mismatch
from autograder.simulator.scenario import Expected, ExpectedResult, LogTemplate

_Way = tuple[str, str, str]


@dataclass(frozen=True)
class Pair:
    """An expectation, and the messages that stand for it.

    Attributes:
        messages: in the order in which they were seen, no more than were asked for.
        repeated: those beyond.
        wrong: what is not as it was asked for, by the number of the message.
        wrong_replies: what the replies do not say as it was asked for, those to repeated ones included, by the number
            of the message; without those that are no fault of the receiver.
    """

    expected: Expected
    messages: tuple[Message, ...] = ()
    repeated: tuple[Message, ...] = ()
    wrong: Mapping[int, Mismatch] = field(default_factory=dict)
    wrong_replies: Mapping[int, Mismatch] = field(default_factory=dict)

    @property
    def lacking(self) -> int:
        """Return the number of messages that are missing."""
        return max(0, self.expected.times[0] - len(self.messages))

    @property
    def is_acknowledged(self) -> bool:
        """Return whether one of them was answered as asked for before its sender gave up."""
        reply = self.expected.reply
        return any(one.credited or (one.reply == reply and one.answered_in_time) for one in self.messages)

    @property
    def mismatch(self) -> Mismatch | None:
        """Return the mismatch of the first message that has one."""
        return next(iter(self.wrong.values()), None)


@dataclass(frozen=True)
class WrongResult:
    """A result that does not say what was asked for."""

    expected: ExpectedResult
    result: TaskResult
    mismatch: Mismatch


@dataclass(frozen=True)
class Matching:
    """The expectations of a run in their order, each with its messages, and the messages that nobody asked for.

    Every message but a retransmission is in exactly one place: in one pair's ``messages`` or ``repeated``, or in
    ``extra``.
    """

    pairs: tuple[Pair, ...]
    extra: tuple[Message, ...]

    @cached_property
    def _pairs_by_number(self) -> dict[int, Pair]:
        return {message.number: pair for pair in self.pairs for message in (*pair.messages, *pair.repeated)}

    @cached_property
    def _logs_by_topic(self) -> dict[str, LogTemplate]:
        wanted = (pair.expected for pair in reversed(self.pairs))
        return {one.topic: one.log for one in wanted if one.log}

    @property
    def expected(self) -> tuple[Expected, ...]:
        """Return what was expected."""
        return tuple(pair.expected for pair in self.pairs)

    @property
    def missing(self) -> tuple[Pair, ...]:
        """Return the pairs with fewer messages than were asked for."""
        return tuple(pair for pair in self.pairs if pair.lacking)

    def pair_of(self, message: Message) -> Pair | None:
        """Return the pair of a message; None where nobody asked for it."""
        return self._pairs_by_number.get(message.number)

    def sent_by(self, party: str) -> tuple[Pair, ...]:
        """Return the pairs of which a party is the sender."""
        return tuple(pair for pair in self.pairs if pair.expected.sender == party)

    def extra_from(self, party: str) -> tuple[Message, ...]:
        """Return the messages of a party that nobody asked for."""
        return tuple(message for message in self.extra if message.sender == party)

    def surplus(self, sender: str, receiver: str | None = None, *, early: bool = True) -> int:
        """Return how many more messages than asked for a party sent, to one receiver or to all; never below zero.

        One with another topic takes the place of one that is missing.

        Args:
            early: whether those count that were sent before anybody was asked to.
        """
        pairs = [pair for pair in self.sent_by(sender) if receiver in (None, pair.expected.receiver)]
        extra = [
            one for one in self.extra_from(sender) if receiver in (None, one.receiver) and (early or not one.early)
        ]
        lacking = sum(pair.lacking for pair in pairs)
        return max(0, len(extra) + sum(len(pair.repeated) for pair in pairs) - lacking)

    def log_of(self, message: Message) -> LogTemplate | None:
        """Return the line to be logged for a message; for one that nobody asked for, that of its topic."""
        if pair := self.pair_of(message):
            return pair.expected.log
        return self._logs_by_topic.get(message.topic)


def match(expected: Sequence[Expected], messages: Sequence[Message]) -> Matching:
    """Match expectations and messages."""
    messages = [message for message in messages if not message.again]
    by_way: dict[_Way, list[Message]] = {}
    for message in (one for one in messages if not one.early):
        by_way.setdefault((message.sender, message.receiver, message.topic), []).append(message)
    numbers: dict[_Way, list[int]] = {}
    for number, wanted in enumerate(expected):
        numbers.setdefault((wanted.sender, wanted.receiver, wanted.topic), []).append(number)
    found: dict[int, Pair] = {}
    extra = [message for message in messages if message.early]
    extra += [message for way, sent in by_way.items() if way not in numbers for message in sent]
    for way, ones in numbers.items():
        one = _OneWay([expected[number] for number in ones], by_way.get(way, []))
        found |= zip(ones, one.pairs(), strict=True)
        extra += one.extra
    pairs = [found[number] for number in range(len(expected))]
    able = {(pair.expected.receiver, pair.expected.topic) for pair in pairs if _is_answered(pair)}
    judged = (_but_strange(pair) if (pair.expected.receiver, pair.expected.topic) in able else pair for pair in pairs)
    return Matching(tuple(judged), tuple(sorted(extra, key=lambda m: m.number)))


def _is_answered(pair: Pair) -> bool:
    """Return whether a message that says what it should was answered with the content that is asked for."""
    if pair.expected.reply_content is None:
        return False
    amiss = _strange(pair) | pair.wrong_replies.keys()
    came = (one for one in (*pair.messages, *pair.repeated) if one.reply == pair.expected.reply and not one.credited)
    return any(one.number not in amiss for one in came)


def _but_strange(pair: Pair) -> Pair:
    """Return a pair without the faults of replies to messages that say something else."""
    left = pair.wrong_replies.keys() - _strange(pair)
    return replace(pair, wrong_replies={number: pair.wrong_replies[number] for number in sorted(left)})


def _strange(pair: Pair) -> set[int]:
    """Return the numbers of those messages of a pair that say something else, repeated ones included."""
    came = (*pair.messages, *pair.repeated)
    return {one.number for one in came if not one.credited and mismatch_of(pair.expected, one.content) is not None}


def mismatch_of(wanted: Expected, content: Content) -> Mismatch | None:
    """Return the mismatch of a content, the key that identifies the message included."""
    for name, value in wanted.key.items():
        if content.get(name) != value:
            return Mismatch(Difference.VALUE, name, value, content.get(name))
    return wanted.content.mismatch(content)


def reply_mismatch_of(wanted: Expected, message: Message) -> Mismatch | None:
    """Return the mismatch of what a message was answered; None for another return code, which is a fault of its own.

    Nobody sees an answer for which its sender did not wait.
    """
    answered = message.reply == wanted.reply if message.waits else message.arrivals > 0
    if wanted.reply_content is None or message.credited or not answered:
        return None
    return _mismatch_of_seen(wanted.reply_content, message.reply_content)


def wrong_results(expected: Sequence[ExpectedResult], results: Sequence[TaskResult]) -> tuple[WrongResult, ...]:
    """Compare results with what they are to say: the nth one of a site's for a task with the nth expectation."""
    came: dict[tuple[str, str], list[TaskResult]] = {}
    for one in results:
        came.setdefault((one.site, one.task), []).append(one)
    found = []
    for wanted in expected:
        there = came.get((wanted.site, wanted.task))
        result = there.pop(0) if there else None
        if result and (mismatch := _mismatch_of_seen(wanted.content, result.content)):
            found.append(WrongResult(wanted, result, mismatch))
    return tuple(found)


def _mismatch_of_seen(matcher: Matcher, content: Content | None) -> Mismatch | None:
    return Mismatch(Difference.NOT_SEEN) if content is None else matcher.mismatch(content)


class _OneWay:
    """The matching of what was expected, and of what was seen, from one party to another on one topic."""

    def __init__(self, expected: Sequence[Expected], messages: Sequence[Message]) -> None:
        self._expected = expected
        self._messages = messages
        self._known: dict[tuple[int, int], Mismatch | None] = {}
        self._of: dict[int, int] = {}
        """Message to expectation."""
        self._taken: list[list[int]] = [[] for _ in expected]
        self._repeated: list[list[int]] = [[] for _ in expected]
        self._wrong: set[int] = set()
        self.extra: list[Message] = []
        self._match()

    def pairs(self) -> Iterator[Pair]:
        for number, wanted in enumerate(self._expected):
            taken = sorted(self._taken[number])
            wrong = {
                self._messages[one].number: mismatch
                for one in taken
                if one in self._wrong and (mismatch := self._mismatch(number, one))
            }
            messages, repeated = self._those(taken), self._those(self._repeated[number])
            replies = ((one.number, reply_mismatch_of(wanted, one)) for one in (*messages, *repeated))
            yield Pair(wanted, messages, repeated, wrong, {one: found for one, found in replies if found})

    def _those(self, numbers: Iterable[int]) -> tuple[Message, ...]:
        return tuple(self._messages[number] for number in numbers)

    def _match(self) -> None:
        left = list(range(len(self._messages)))
        # First what has to be there, then what may be: a message moves on only to where another one takes its place.
        for most in ([wanted.times[0] for wanted in self._expected], [self._most(one) for one in self._expected]):
            left = [message for message in left if not self._place(message, most, set())]
        # What has to be there comes before what may be, so that the order of expectations changes nothing.
        needed = [wanted.times[0] for wanted in self._expected]
        left = self._fill(self._fill(left, needed, by_key=True), needed, by_key=False)
        # What is as it was asked for, and came too often, does not stand for what may be.
        repeated = {message for message in left if self._meets_any(message)}
        left = [message for message in left if message not in repeated]
        needed = [min(1, self._most(wanted)) for wanted in self._expected]
        left = self._fill(self._fill(left, needed, by_key=True), needed, by_key=False)
        for message in sorted((*repeated, *left)):
            self._put_aside(message)

    def _meets_any(self, message: int) -> bool:
        return any(self._mismatch(number, message) is None for number in range(len(self._expected)))

    def _most(self, wanted: Expected) -> int:
        most = wanted.times[1]
        return len(self._messages) if most is None else most

    def _place(self, message: int, most: Sequence[int], tried: set[int]) -> bool:
        """Give a message to an expectation that it meets, moving others on an augmenting path."""
        full = []
        for number in range(len(self._expected)):
            if len(self._taken[number]) >= most[number]:
                full.append(number)
            elif number not in tried and self._mismatch(number, message) is None:
                self._take(number, message)
                return True
        for number in full:
            if number in tried or not most[number] or self._mismatch(number, message) is not None:
                continue
            tried.add(number)
            for other in list(self._taken[number]):
                if self._place(other, most, tried):
                    self._take(number, message)
                    return True
        return False

    def _take(self, number: int, message: int) -> None:
        if message in self._of:
            self._taken[self._of[message]].remove(message)
        self._of[message] = number
        self._taken[number].append(message)

    def _fill(self, left: list[int], needed: Sequence[int], *, by_key: bool) -> list[int]:
        """Let unmet messages stand for expectations that have fewer than needed. Return what is left."""
        still = []
        for message in left:
            places = (
                number for number in range(len(self._expected)) if self._may_stand(number, message, needed, by_key)
            )
            number = next(places, None)
            if number is None:
                still.append(message)
            else:
                self._take(number, message)
                self._wrong.add(message)
        return still

    def _may_stand(self, number: int, message: int, needed: Sequence[int], by_key: bool) -> bool:
        wanted = self._expected[number]
        if len(self._taken[number]) >= needed[number]:
            return False
        content = self._messages[message].content
        return not by_key or (bool(wanted.key) and all(content.get(key) == value for key, value in wanted.key.items()))

    def _put_aside(self, message: int) -> None:
        """Put aside a message too many: a repetition, or one that nobody asked for."""
        content = self._messages[message].content
        for number, taken in enumerate(self._taken):
            if self._mismatch(number, message) is None or any(self._messages[one].content == content for one in taken):
                self._repeated[number].append(message)
                return
        self.extra.append(self._messages[message])

    def _mismatch(self, number: int, message: int) -> Mismatch | None:
        if self._messages[message].credited:
            return None
        if (number, message) not in self._known:
            self._known[number, message] = mismatch_of(self._expected[number], self._messages[message].content)
        return self._known[number, message]
