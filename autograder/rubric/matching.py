"""Which of the messages that were seen is which of those that were expected."""

from autograder.evidence.model import Message
from autograder.rubric.model import Played
from autograder.simulator.scenario import Expected


def matched(run: Played) -> dict[Expected, list[Message]]:
    """Return for each expected message those that stand for it, in their order: several when it was sent again.

    A message with the expected text counts before any other from the same sender to the same receiver. None is
    counted twice.
    """
    left = list(run.evidence.messages)
    found: dict[Expected, list[Message]] = {}
    for exact in (True, False):
        for wanted in run.scenario.expected:
            if not found.get(wanted):
                found[wanted] = _claimed(left, wanted, exact=exact)
    return found


def _claimed(left: list[Message], wanted: Expected, *, exact: bool) -> list[Message]:
    route = (wanted.sender, wanted.receiver, wanted.topic)
    same = [message for message in left if (message.sender, message.receiver, message.topic) == route]
    text = wanted.text if exact else next((message.text for message in same), None)
    claimed = [message for message in same if message.text == text]
    for message in claimed:
        left.remove(message)
    return claimed
