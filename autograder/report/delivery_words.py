"""The words for what is wrong with a message of a run: a template for each code of a `Delivery`'s reasons."""

from autograder.report.model import Delivery
from autograder.report.reasons import Reason, in_words

TEMPLATES = {
    "unsent": "not sent",
    "unsent.not_asked": "its sender was never asked to",
    "unsent.other_topic": "it was sent with the topic {topic!r}",
    "unsent.not_started": "the code did not start",
    "unsent.target_unknown": "a name in the targets is not known",
    "unsent.not_sendable": "NVFlare could not send the request",
    "unsent.raised": "execute raised an exception",
    "unsent.ended": "the process of its sender ended",
    "unsent.not_targeted": "its receiver is not among the targets",
    "unsent.nothing_sent": "execute sent nothing",
    "sent.too_few": "sent [{times} times|once], and at least {least} were asked for",
    "sent.too_often": "sent {count} times in place of [{asked} times|once]",
    "sent.too_early": "sent before anybody was asked to",
    "sent.to_itself": "sent to itself",
    "reply.TOPIC_UNKNOWN": "no handler for this topic",
    "reply.HANDLER_EXCEPTION": "the handler raised an exception",
    "reply.no_shareable": "the handler returned no Shareable",
    "reply.unreadable": "the handler's reply could not be read",
    "reply.none": "no reply",
    "reply.content": "not the reply that is asked for: {said}",
    "reply.other": "the handler answered {reply}",
    "logged.not": "not logged as asked for",
    "logged.too_often": "logged {times} times",
    "untold": "not as asked for",
}
"""Codes to words. Those about a content bring their own, see `autograder.rubric.content_words`."""

FAULTS = {
    "drop": "lost",
    "delay": "delayed",
    "hold": "held until another one had been answered",
    "duplicate": "delivered twice",
    "lose_reply": "the reply lost",
    "cut": "lost, as the link was cut",
    "late_start": "too early, as its receiver had not started",
    "handler_error": "refused, as its receiver's handler failed",
    "die": "lost, as its receiver had ended",
}
"""What the network did to a message, by the kind of the fault: see `autograder.simulator.network.faults`."""

_OWN_WORDS = "{said}"


def note(delivery: Delivery) -> str:
    """Return why a delivery is not as it should be; empty when it is, or when there is no more to say."""
    return "; ".join(dict.fromkeys(map(_words_of, delivery.reasons)))


def _words_of(reason: Reason) -> str:
    return in_words(TEMPLATES.get(reason.code, _OWN_WORDS), reason.data)


def faults(delivery: Delivery) -> str:
    """Return what the network did to a delivery's messages, as its scenario has planned; empty for nothing."""
    return "; ".join(FAULTS.get(fault, fault) for fault in delivery.faults)


def too_often(delivery: Delivery) -> Reason:
    """Return the reason of a message that was sent more often than it was asked for."""
    asked = delivery.asked if delivery.asked != 1 else 0
    return Reason("sent.too_often", {"count": delivery.count, "asked": asked})
