"""Messages that came the way of a student's party, and what its log says of them."""

from dataclasses import dataclass

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.model import LogLine, Message
from autograder.rubric.model import Played
from autograder.simulator.scenario import SERVER

_UNKNOWN_TOPIC = "received unknown aux message topic"


@dataclass(frozen=True)
class Receipt:
    """A message that should have been handled by a party of the student's, and did come its way.

    Attributes:
        refusable: whether the party may refuse it.
    """

    run: Played
    message: Message
    refusable: bool = False

    @property
    def party(self) -> str:
        """Whose handler it was for."""
        return self.message.receiver

    @property
    def line(self) -> str:
        """The line that the handler should log."""
        return self.run.scenario.log_line.format(sender=self.message.sender, message=self.message.text)

    @property
    def logged(self) -> int:
        """How often that line is in the receiver's log."""
        wanted = self.line
        return sum(line.text == wanted for line in component_lines(self.run, self.party))

    @property
    def refused(self) -> bool:
        """Whether the party has refused it, and may: it answered, with another return code than ``OK``."""
        return self.refusable and not self.unhandled and self.message.reply not in (None, NO_SHAREABLE, "OK")

    @property
    def unhandled(self) -> bool:
        """Whether no handler was registered for the topic."""
        if self.message.waits:
            return self.message.reply == "TOPIC_UNKNOWN"
        peer = f"peer={self.message.sender},"
        unknown = f"{_UNKNOWN_TOPIC} {self.message.topic}"
        return any(line.text == unknown and peer in line.context for line in self.run.evidence.lines_of(self.party))

    @property
    def unanswered(self) -> bool:
        """Whether its sender waited and nothing came back.

        Then there is no proof of a handler, whatever the receiver's log says, since everybody can write there.
        """
        return self.message.waits and self.message.reply is None


def component_lines(run: Played, party: str) -> list[LogLine]:
    """The lines of a party's log that are not NVFlare's own."""
    own = ("nvflare.", "autograder.")
    return [line for line in run.evidence.lines_of(party) if not line.origin.startswith(own)]


def called(party: str) -> str:
    """A party within a sentence: ``the server``, or the name of a site."""
    return f"the {SERVER}" if party == SERVER else party
