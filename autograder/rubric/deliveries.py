"""The deliveries of a run: expected and seen messages side by side, and the log lines that matter."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from autograder.evidence.collect import NO_SHAREABLE, UNREADABLE
from autograder.evidence.model import LogLine, Message
from autograder.report.model import Delivery, LoggedLine
from autograder.report.reasons import Reason
from autograder.report.tracebacks import frames_of
from autograder.rubric import diagnosis
from autograder.rubric.content_words import instead
from autograder.rubric.matching import Pair
from autograder.rubric.model import RunEvidence
from autograder.rubric.receipts import Receipt
from autograder.simulator.network.content import summary
from autograder.simulator.network.faults import Fate, FaultKind
from autograder.simulator.nvflare_private import log_texts
from autograder.simulator.nvflare_private.topics import COURSE_TOPICS, HANDLED_TOPICS
from autograder.simulator.scenario import SERVER, Expected

_MOST_LINES = 100
_MOST_DELIVERIES = 2000
_MOST_UNASKED = 200
_FRAMEWORK_LINES = (log_texts.REGISTERED, log_texts.UNKNOWN_TOPIC, log_texts.INVALID_TARGET)

_REPLIES = {
    "TOPIC_UNKNOWN": "reply.TOPIC_UNKNOWN",
    "HANDLER_EXCEPTION": "reply.HANDLER_EXCEPTION",
    NO_SHAREABLE: "reply.no_shareable",
    UNREADABLE: "reply.unreadable",
}


def deliveries_of(played: RunEvidence) -> tuple[Delivery, ...]:
    """Return expected messages in the scenario's order, then those that nobody asked for."""
    matching = played.matching
    # What may be sent and was not is nothing to be shown.
    shown = [pair for pair in matching.pairs if pair.messages or pair.lacking]
    found = [delivery for pair in shown for delivery in _expected_deliveries(played, pair)]
    return (*found[:_MOST_DELIVERIES], *_unexpected(played, matching.extra, _MOST_UNASKED)[:_MOST_UNASKED])


def lines_that_matter(played: RunEvidence) -> tuple[LoggedLine, ...]:
    """Log lines of the components, errors, and what the framework says of handlers and targets; at most a hundred.

    Those of a race, which is what a run without the start barrier is, have their times and come in their order.
    """
    lines = [line for line in played.evidence.log_lines if matters(line)][:_MOST_LINES]
    is_race = not played.scenario.barrier
    if is_race:
        lines.sort(key=lambda line: line.time)
    return tuple(
        LoggedLine(
            line.site,
            line.level,
            line.logger,
            line.text,
            frames_of(line.text, played.locate),
            line.time.rpartition(" ")[2] if is_race else "",
        )
        for line in lines
    )


def matters(line: LogLine) -> bool:
    """Return whether a log line concerns the student's work."""
    if line.text.startswith(log_texts.REGISTERED):
        return line.text.removeprefix(log_texts.REGISTERED) not in HANDLED_TOPICS
    if line.by_component:
        return True
    told = line.origin.startswith(log_texts.ABOUT_COMPONENTS) and line.level in ("ERROR", "CRITICAL")
    return (told or line.text.startswith(_FRAMEWORK_LINES)) and not any(topic in line.text for topic in COURSE_TOPICS)


def _expected_deliveries(played: RunEvidence, pair: Pair) -> list[Delivery]:
    """Return what became of an expectation: a delivery for all of its messages to which the network did the same."""
    wanted = pair.expected
    if not pair.messages:
        why = (_why_not_sent(played, wanted),)
        return [
            Delivery(
                wanted.sender, wanted.receiver, wanted.topic, wanted.called, sent=False, expected=True, reasons=why
            )
        ]
    alike: dict[tuple[FaultKind, ...], list[Receipt]] = {}
    for message in pair.messages:
        for sending in _sendings(played, message):
            alike.setdefault(sending.fate, []).append(Receipt(played, sending, wanted))
    *others, last = (_delivery_of(pair, receipts) for receipts in alike.values())
    return [*others, _with_their_number(pair, last)]


def _sendings(played: RunEvidence, message: Message) -> Iterator[Message]:
    """Yield a message, and each time that NVFlare has sent it again by itself."""
    yield message
    if message.transaction:
        sent = (one for one in played.evidence.messages if one.again and one.sender == message.sender)
        yield from (one for one in sent if one.transaction == message.transaction)


def _delivery_of(pair: Pair, receipts: Sequence[Receipt]) -> Delivery:
    """Return the delivery of messages that stand for the same expectation and had the same fate."""
    reasons = [reason for receipt in receipts for reason in _what_is_wrong(pair, receipt)]
    first = next((one for one in receipts if one.message.number in pair.wrong), receipts[0])
    said = summary(first.message.content)
    delivery = _delivery(first, said if pair.wrong else pair.expected.called or said, reasons)
    return replace(delivery, count=len(receipts), asked=len(receipts))


def _with_their_number(pair: Pair, last: Delivery) -> Delivery:
    """Return the last delivery of an expectation, with what is wrong with the number of all of its messages."""
    if pair.lacking:
        times = len(pair.messages) if len(pair.messages) > 1 else 0
        few = Reason("sent.too_few", {"times": times, "least": pair.expected.times[0]})
        return replace(last, reasons=(*last.reasons, few))
    return replace(last, count=last.count + len(pair.repeated))


def _what_is_wrong(pair: Pair, receipt: Receipt) -> list[Reason]:
    """Return what is wrong with one of the messages that stand for an expectation."""
    wanted, message = pair.expected, receipt.message
    if message.credited:
        return []
    mismatch = pair.wrong.get(message.number)
    wrong = [Reason(str(mismatch.code), {"said": instead(mismatch)})] if mismatch else []
    if receipt.refused:
        return wrong
    taken = _how_it_was_taken(receipt) if wanted.handled or not receipt.unhandled else []
    if wanted.handled and wanted.receiver in receipt.run.scenario.students and not wrong and not taken:
        taken = _how_it_was_logged(receipt)
    return [*wrong, *taken]


def _why_not_sent(played: RunEvidence, wanted: Expected) -> Reason:
    """Return why a message was not sent, as far as the run shows."""
    sender, evidence = wanted.sender, played.evidence
    sent = [message for message in evidence.distinct if message.sender == sender]
    asked = any(result.site == sender for result in evidence.results)
    if sender not in played.scenario.students:
        return Reason("unsent" if asked or SERVER not in played.scenario.students else "unsent.not_asked")
    if topics := [m.topic for m in sent if m.receiver == wanted.receiver and m.topic != wanted.topic]:
        return Reason("unsent.other_topic", {"topic": topics[0]})
    for code, there in (
        ("unsent.not_started", lambda: not sent and diagnosis.why_absent(played, sender)),
        ("unsent.target_unknown", lambda: diagnosis.refused_targets(played, sender)),
        ("unsent.not_sendable", lambda: diagnosis.raised_anywhere(played, sender, log_texts.FAILED_TO_SEND)),
        ("unsent.raised", lambda: diagnosis.raised_in(played, sender, "execute")),
        ("unsent.ended", lambda: sender in evidence.quit),
        ("unsent.not_targeted", lambda: sent or sender in evidence.to_self),
        ("unsent.nothing_sent", lambda: asked),
    ):
        if there():
            return Reason(code)
    return Reason("unsent")


def _unexpected(played: RunEvidence, remaining: Sequence[Message], most: int) -> list[Delivery]:
    groups: dict[tuple[object, ...], list[Message]] = {}
    for message in remaining:
        alike = message.sender, message.receiver, message.topic, summary(message.content), message.fate
        groups.setdefault(alike, []).append(message)
    found = [_unasked(played, group) for group in islice(groups.values(), most)]
    to_self, to_itself = Counter(played.evidence.to_self), Reason("sent.to_itself")
    return found + [
        Delivery(site, site, "", "", sent=True, expected=False, count=count, reasons=(to_itself,))
        for site, count in sorted(to_self.items())
    ]


def _unasked(played: RunEvidence, group: Sequence[Message]) -> Delivery:
    early = [Reason("sent.too_early")] if group[0].early else []
    receipt = Receipt(played, group[0])
    unasked = _delivery(receipt, summary(group[0].content), [*early, *_how_it_was_taken(receipt)])
    return replace(unasked, expected=False, count=len(group))


def _how_it_was_taken(receipt: Receipt) -> list[Reason]:
    """Return what is wrong with the receiver's answer; nothing where the network lost the message."""
    if not receipt.arrivals:
        return []
    if receipt.unhandled:
        return [Reason("reply.TOPIC_UNKNOWN")]
    reply = receipt.message.reply
    if reply is None:
        return [Reason("reply.none")] if receipt.message.waits else _what_it_was_answered(receipt)
    if reply == receipt.ok:
        return _what_it_was_answered(receipt)
    return [Reason(_REPLIES[reply]) if reply in _REPLIES else Reason("reply.other", {"reply": reply})]


def _what_it_was_answered(receipt: Receipt) -> list[Reason]:
    """Return what is wrong with the content of the receiver's answer."""
    mismatch = receipt.wrong_reply
    return [Reason("reply.content", {"said": instead(mismatch)})] if mismatch else []


def _how_it_was_logged(receipt: Receipt) -> list[Reason]:
    """Return what is wrong with the line that the student's party logged of a message."""
    if receipt.unlogged and receipt.arrivals:
        return [Reason("logged.not")]
    return [Reason("logged.too_often", {"times": receipt.logged})] if receipt.surplus_lines else []


def _delivery(receipt: Receipt, label: str, reasons: Sequence[Reason]) -> Delivery:
    message, fate = receipt.message, Fate(receipt.message.fate)
    came = fate.arrivals or fate.refusal
    return Delivery(
        message.sender,
        message.receiver,
        message.topic,
        label,
        sent=True,
        expected=True,
        reply=message.reply if came and message.reply not in (NO_SHAREABLE, UNREADABLE) else None,
        logged=next(iter(receipt.lines), None) if fate.arrivals and not receipt.left_out else None,
        reasons=tuple(dict.fromkeys(reasons)),
        faults=tuple(map(str, message.fate)),
    )
