"""Messages that came the way of a student's party, and what its log says of them."""

from dataclasses import dataclass
from functools import cached_property

from autograder.evidence.collect import MOST_MESSAGES, NO_SHAREABLE
from autograder.evidence.model import LogLine, Message
from autograder.rubric import log_lines
from autograder.rubric.log_lines import Fields
from autograder.rubric.matchers import Text
from autograder.rubric.model import RunEvidence
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
        template = self.template
        if template is None:
            return ()
        logged = (line.text for line in component_lines(self.run, self.party))
        return tuple(text for text in logged if log_lines.says(template, text, self.fields))

    @property
    def logged(self) -> int:
        """Return how often that line is in the receiver's log."""
        return len(self.lines)

    @property
    def unlogged(self) -> bool:
        """Return whether a line is asked for and missing."""
        return self.template is not None and not self.lines

    @property
    def logged_too_often(self) -> bool:
        """Return whether that line is there more often than matching messages came, if all are looked at."""
        return self.logged > self._alike and len(self.run.evidence.messages) < MOST_MESSAGES

    @property
    def _alike(self) -> int:
        """Return how often a message came that leads to the same line."""
        came = [Receipt(self.run, other) for other in self.run.evidence.distinct if other.receiver == self.party]
        return sum(other.arrivals for other in came if other.template and other.fields == self.fields)

    @property
    def refused(self) -> bool:
        """Return whether the party has refused it, and may: it answered, and not with ``OK``."""
        return self.refusable and not self.unhandled and self.message.reply not in (None, NO_SHAREABLE, self.ok)

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


def component_lines(run: RunEvidence, party: str) -> list[LogLine]:
    """Return the lines of a party's log that are not NVFlare's own."""
    return [line for line in run.evidence.lines_of(party) if line.by_component]


def called(party: str) -> str:
    """Return the name of a party for a sentence: ``the server``, or the name of a site."""
    return f"the {SERVER}" if party == SERVER else party
