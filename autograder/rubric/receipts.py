"""Messages that came the way of a student's party, and what its log says of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from autograder.evidence.collect import MOST_MESSAGES, NO_SHAREABLE, UNREADABLE
from autograder.evidence.model import LogLine, Message
from autograder.rubric import log_lines
from autograder.rubric.log_lines import Fields
from autograder.rubric.matchers import Text
from autograder.rubric.model import RunEvidence
from autograder.simulator.handling_marks import mark
from autograder.simulator.network.content import Mismatch
from autograder.simulator.nvflare_private.log_texts import UNKNOWN_TOPIC
from autograder.simulator.scenario import SERVER, Expected, LogTemplate


@dataclass(frozen=True)
class Receipt:
    """A message that should have been handled by a party of the student's, and did come its way.

    Attributes:
        wanted: for what it stands; None where nobody asked for it.
    """

    run: RunEvidence
    message: Message
    wanted: Expected | None = None

    @cached_property
    def arrivals(self) -> int:
        """Return how often it was brought to the handler: 0 if the network lost it, and every retransmission of it."""
        message = self.message
        if not message.transaction:
            return message.arrivals
        sent = (one for one in self.run.evidence.messages if one.sender == message.sender)
        return min(1, sum(one.arrivals for one in sent if one.transaction == message.transaction))

    @property
    def refusable(self) -> bool:
        """Return whether the party may refuse it."""
        return self.wanted is not None and self.wanted.refusable

    @property
    def repeats(self) -> bool:
        """Return whether the same was said before."""
        return self.wanted is not None and self.wanted.repeats

    @property
    def ok(self) -> str:
        """Return the expected return code."""
        return self.wanted.reply if self.wanted else "OK"

    @property
    def text(self) -> str:
        """Return the text of the message, if it is one text; else empty."""
        if self.wanted and isinstance(self.wanted.content, Text):
            found = self.message.content.get(self.wanted.content.key)
            return found if isinstance(found, str) else ""
        return self.message.content.text

    @property
    def party(self) -> str:
        """Return the party whose handler it was for."""
        return self.message.receiver

    @property
    def template(self) -> LogTemplate | None:
        """Return the template of the line to be logged; None if no line is asked for."""
        return self.run.matching.log_of(self.message)

    @cached_property
    def fields(self) -> Fields:
        """Return the values of the fields of that line."""
        return log_lines.fields_of(self.template, self.message) if self.template else {}

    @property
    def line(self) -> str:
        """Return the line that the handler should log; empty if none is asked for."""
        return log_lines.filled(self.template, self.fields) if self.template else ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Return the lines in the receiver's log that say that."""
        return self._saying(component_lines(self.run, self.party))

    @property
    def _log(self) -> Sequence[LogLine]:
        return self.run.evidence.lines_of(self.party)

    def _saying(self, lines: Iterable[LogLine]) -> tuple[str, ...]:
        template = self.template
        if template is None:
            return ()
        return tuple(line.text for line in lines if log_lines.says(template, line.text, self.fields))

    @property
    def logged(self) -> int:
        """Return how often that line is in the receiver's log."""
        return len(self.lines)

    @property
    def unlogged(self) -> bool:
        """Return whether a line is asked for and missing.

        One that was there before the message came says nothing of it. Where the same is said again, one line for both
        is enough if it is there by then: it may be left out only of what was logged before.
        """
        if self.template is None or self.repeats:
            return False
        late = self.logged < len(self._alike) and self._before_again is not None and not self._before_again.logged
        return self.logged <= self.logged_before or late

    @cached_property
    def logged_before(self) -> int:
        """Return how many of the lines are older than any message of its sender; 0 if no mark says when."""
        first = mark(self.message.sender, 1)
        older = list(takewhile(lambda line: line.text != first or line.by_component, self._log))
        return 0 if len(older) == len(self._log) else len(self._saying(line for line in older if line.by_component))

    @property
    def left_out(self) -> bool:
        """Return whether it says again what was said before, and there is no line for it besides."""
        return self.repeats and self.logged < len(self._alike)

    @property
    def surplus_lines(self) -> int:
        """Return how many more of that line there are than matching messages came, if all are looked at."""
        if len(self.run.evidence.messages) >= MOST_MESSAGES:
            return 0
        before, came = self._before_again, sum(Receipt(self.run, other).arrivals for other in self._alike)
        return max(0, self.logged - came, before.logged - before.came if before else 0)

    @cached_property
    def _alike(self) -> list[Message]:
        """Return the messages that came and lead to the same line."""
        came = [other for other in self.run.evidence.distinct if other.receiver == self.party and other.arrivals]
        lines = ((self.run.matching.log_of(other), other) for other in came)
        return [other for t, other in lines if t is not None and log_lines.fields_of(t, other) == self.fields]

    @cached_property
    def _before_again(self) -> "_Before | None":
        """Count what came and was logged before the same was said again; return None if no mark says when."""
        again = next((other for other in self._alike if self._is_repetition(other)), None)
        if again is None or self.run.matching.surplus(again.sender, self.party):
            return None  # of what was said more often than it should be, nobody knows which one was the repetition
        marked = mark(again.sender, again.attempt)
        before = list(takewhile(lambda line: line.text != marked or line.by_component, self._log))
        if len(before) == len(self._log):
            return None
        logged = self._saying(line for line in before if line.by_component)
        return _Before(sum(other.number < again.number for other in self._alike), len(logged))

    def _is_repetition(self, message: Message) -> bool:
        pair = self.run.matching.pair_of(message)
        return pair is not None and pair.expected.repeats

    @property
    def refused(self) -> bool:
        """Return whether the party has refused it, and may: it answered, and not with ``OK``."""
        answer = self.message.reply not in (None, NO_SHAREABLE, UNREADABLE, self.ok)
        return self.refusable and not self.unhandled and answer

    @property
    def wrong_reply(self) -> Mismatch | None:
        """Return what its answer does not say as it was asked for; None where nothing was asked for."""
        pair = self.run.matching.pair_of(self.message)
        return pair.wrong_replies.get(self.message.number) if pair else None

    @property
    def late(self) -> bool:
        """Return whether it was answered when its sender had given up, by no fault of the network."""
        message = self.message
        answered = message.waits and message.reply is not None
        return answered and not (message.answered_in_time or message.fate or message.credited)

    @property
    def unhandled(self) -> bool:
        """Return whether no handler was registered for the topic."""
        if self.message.waits:
            return self.message.reply == "TOPIC_UNKNOWN"
        peer = f"peer={self.message.sender},"
        unknown = f"{UNKNOWN_TOPIC}{self.message.topic}"
        return any(line.text == unknown and peer in line.context for line in self.run.evidence.lines_of(self.party))

    @property
    def unanswered(self) -> bool:
        """Return whether its sender waited and the receiver never answered. A late answer is one: it shows a handler.

        Without any there is no proof of a handler, whatever the receiver's log says, since everybody can write there.
        """
        return self.message.waits and self.message.reply is None


@dataclass(frozen=True)
class _Before:
    """The number of messages that came up to a moment, and that of their lines that were logged."""

    came: int
    logged: int


def component_lines(run: RunEvidence, party: str) -> list[LogLine]:
    """Return the lines of a party's log that are not NVFlare's own."""
    return [line for line in run.evidence.lines_of(party) if line.by_component]


def called(party: str) -> str:
    """Return the name of a party for a sentence: ``the server``, or the name of a site."""
    return f"the {SERVER}" if party == SERVER else party
