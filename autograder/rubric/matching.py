"""Which of the messages that were seen is which of those that were expected."""

from autograder.evidence.model import Message
from autograder.rubric.model import Played
from autograder.simulator.scenario import Expected

_Route = tuple[str, str, str]


def matched(run: Played) -> dict[Expected, list[Message]]:
    """Return for each expected message those that stand for it, in their order: several when it was sent again.

    A message with the expected text counts before any other from the same sender to the same receiver. None is
    counted twice, and none that was sent before anybody was asked to.
    """
    left: dict[_Route, list[Message]] = {}
    for message in run.evidence.messages:
        if message.early:
            continue
        left.setdefault((message.sender, message.receiver, message.topic), []).append(message)
    found: dict[Expected, list[Message]] = {}
    for exact in (True, False):
        for wanted in run.scenario.expected:
            if not found.get(wanted):
                found[wanted] = _claimed(left, wanted, exact=exact)
    return found


def _claimed(left: dict[_Route, list[Message]], wanted: Expected, *, exact: bool) -> list[Message]:
    route = (wanted.sender, wanted.receiver, wanted.topic)
    same = left.get(route, [])
    text = wanted.text if exact or not same else same[0].text
    left[route] = [message for message in same if message.text != text]
    return [message for message in same if message.text == text]
