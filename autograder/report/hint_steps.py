"""Hints in two steps: first where to look, and on request the whole.

The first step is made of the places that a hint is about and of nothing else. So it can name neither a cause, right or
wrong, nor a cure, whatever the hint says. The same holds for the picture beside it: at once it shows what happened, and
why that lost a point only on request. A line of the student's that raised happened, as in any cell.
"""

from dataclasses import replace

from autograder.report import words
from autograder.report.model import CheckResult, Delivery, RunSummary
from autograder.report.reasons import Reason

_NO_PLACE = "Compare what this check asks for with what was seen, one by one. Where do the two part?"

_HAPPENED = {
    "sent.too_few",
    "sent.too_often",
    "sent.to_itself",
    "reply.HANDLER_EXCEPTION",
    "reply.none",
    "reply.other",
    "logged.not",
    "logged.too_often",
}
"""Codes of reasons that only say what was sent, what came back and what was logged."""


def first_step(check: CheckResult) -> str:
    """Return where to look for the reason of a failed check; where no line is known, what to compare."""
    places = {place.name: f"{place}: {place.code}" if place.code else str(place) for place in check.places}
    if not places:
        return _NO_PLACE
    where = "this place" if len(places) == 1 else "each of these places"
    return f"Follow step by step what happens at {where}: {'; '.join(places.values())}"


def in_steps(check: CheckResult, said: words.Lines) -> tuple[words.Lines, words.Lines]:
    """Return what is said of a failed check at once, the first step among it, and what only on request.

    Args:
        said: all that is to be said. A hint that refers to another one stays as it is.
    """
    hinted = [text for label, text in said if label == words.HINT]
    if hinted in ([], [words.AS_ABOVE]):
        return said, []
    at_once = [line for line in said if line[0] not in words.OF_A_HINT]
    folded = [line for line in said if line[0] in words.OF_A_HINT and line[0] != words.WHERE]
    return [*at_once, (words.HINT, first_step(check))], folded


def what_happened(run: RunSummary) -> RunSummary:
    """Return a run as it is shown at once: what became of each message, without the words for why."""
    return replace(run, deliveries=tuple(map(_without_causes, run.deliveries)))


def _without_causes(delivery: Delivery) -> Delivery:
    told = tuple(reason for reason in delivery.reasons if reason.code in _HAPPENED)
    untold = delivery.sent and delivery.expected and len(told) < len(delivery.reasons)
    return replace(delivery, reasons=(*told, Reason("untold")) if untold else told)
