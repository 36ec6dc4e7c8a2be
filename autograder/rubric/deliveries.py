"""The deliveries of a run: expected and seen messages side by side, and the log lines that matter."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.content import summary
from autograder.evidence.model import LogLine, Message
from autograder.report.model import Delivery, LoggedLine
from autograder.report.tracebacks import frames_of
from autograder.rubric import diagnosis
from autograder.rubric.content_words import instead
from autograder.rubric.matching import Pair
from autograder.rubric.model import Played
from autograder.rubric.receipts import Receipt
from autograder.simulator.scenario import SERVER, Expected
from autograder.simulator.topics import COURSE_TOPICS, HANDLED_TOPICS

_FAILED_TO_SEND = "Failed to send aux message"
_MOST_LINES = 100
_MOST_DELIVERIES = 2000
_MOST_UNASKED = 200
_FRAMEWORK_LINES = ("registered aux handler for topic ", "received unknown aux message topic ", "invalid targe")
_TELLING = (
    "nvflare.private.aux_runner.",
    "nvflare.private.fed.client.client_runner.",
    "nvflare.private.fed.server.server_runner.",
)
"""Parts of NVFlare whose errors are about components. Those of others are mostly about connections at the end."""

_NOTES = {
    "TOPIC_UNKNOWN": "no handler for this topic",
    "HANDLER_EXCEPTION": "the handler raised an exception",
    NO_SHAREABLE: "the handler returned no Shareable",
}


def deliveries_of(played: Played) -> tuple[Delivery, ...]:
    """Expected messages in the scenario's order, then those that nobody asked for."""
    matching = played.matching
    # What may be sent and was not is nothing to be shown.
    found = [_expected_delivery(played, pair) for pair in matching.pairs if pair.messages or pair.lacking]
    return (*found[:_MOST_DELIVERIES], *_unexpected(played, matching.extra)[:_MOST_UNASKED])


def lines_that_matter(played: Played) -> tuple[LoggedLine, ...]:
    """Log lines of the components, errors, and what the framework says of handlers and targets; at most a hundred."""
    lines = [line for line in played.evidence.log_lines if matters(line)][:_MOST_LINES]
    return tuple(
        LoggedLine(line.site, line.level, line.logger, line.text, frames_of(line.text, played.locate)) for line in lines
    )


def matters(line: LogLine) -> bool:
    """Whether a log line is about what students do."""
    if line.text.startswith(_FRAMEWORK_LINES[0]):
        return line.text.removeprefix(_FRAMEWORK_LINES[0]) not in HANDLED_TOPICS
    if not line.origin.startswith(("nvflare.", "autograder.")):
        return True
    told = line.origin.startswith(_TELLING) and line.level in ("ERROR", "CRITICAL")
    return (told or line.text.startswith(_FRAMEWORK_LINES)) and not any(topic in line.text for topic in COURSE_TOPICS)


def _expected_delivery(played: Played, pair: Pair) -> Delivery:
    wanted = pair.expected
    if not pair.messages:
        note = _why_not_sent(played, wanted)
        return Delivery(
            wanted.sender, wanted.receiver, wanted.topic, wanted.called, sent=False, expected=True, note=note
        )
    receipts = [Receipt(played, message, wanted) for message in pair.messages]
    notes = [note for receipt in receipts if (note := _what_is_wrong(pair, receipt))]
    first = next((one for one in receipts if one.message.number in pair.wrong), receipts[0])
    few = f"sent {len(receipts)} times, and at least {wanted.times[0]} were asked for" if pair.lacking else ""
    label = summary(first.message.content) if pair.wrong else wanted.called or summary(first.message.content)
    return replace(
        _delivery(first, label, note="; ".join(filter(None, [*dict.fromkeys(notes), few]))),
        count=len(pair.messages) + len(pair.repeated),
        asked=len(pair.messages),
    )


def _what_is_wrong(pair: Pair, receipt: Receipt) -> str:
    """What is wrong with one of the messages that stand for an expectation, in words; empty when nothing is."""
    wanted, message = pair.expected, receipt.message
    if message.credited:
        return ""
    mismatch = pair.wrong.get(message.number)
    wrong = instead(mismatch) if mismatch else ""
    if receipt.refused:
        return wrong
    taken = _how_it_was_taken(receipt) if wanted.handled or not receipt.unhandled else ""
    if wanted.handled and wanted.receiver in receipt.run.scenario.students and not wrong and not taken:
        taken = _how_it_was_logged(receipt)
    return "; ".join(filter(None, [wrong, taken]))


def _why_not_sent(played: Played, wanted: Expected) -> str:
    """Why a message was not sent, in a few words, as far as the run shows it."""
    sender, evidence = wanted.sender, played.evidence
    sent = [message for message in evidence.messages if message.sender == sender]
    asked = any(result.site == sender for result in evidence.results)
    if sender not in played.scenario.students:
        return "not sent" if asked or SERVER not in played.scenario.students else "its sender was never asked to"
    if topics := [m.topic for m in sent if m.receiver == wanted.receiver and m.topic != wanted.topic]:
        return f"it was sent with the topic {topics[0]!r}"
    for reason, there in (
        ("the code did not start", lambda: not sent and diagnosis.why_absent(played, sender)),
        ("a name in the targets is not known", lambda: diagnosis.refused_targets(played, sender)),
        ("NVFlare could not send the request", lambda: diagnosis.raised_anywhere(played, sender, _FAILED_TO_SEND)),
        ("execute raised an exception", lambda: diagnosis.raised_in(played, sender, "execute")),
        ("the process of its sender ended", lambda: sender in evidence.quit),
        ("its receiver is not among the targets", lambda: sent or sender in evidence.to_self),
        ("execute sent nothing", lambda: asked),
    ):
        if there():
            return reason
    return "not sent"


def _unexpected(played: Played, remaining: Sequence[Message]) -> list[Delivery]:
    groups: dict[tuple[str, str, str, str], list[Message]] = {}
    for message in remaining:
        said = summary(message.content)
        groups.setdefault((message.sender, message.receiver, message.topic, said), []).append(message)
    found = [_unasked(played, group) for group in groups.values()]
    to_self = Counter(played.evidence.to_self)
    return found + [
        Delivery(site, site, "", "", sent=True, expected=False, count=count, note="sent to itself")
        for site, count in sorted(to_self.items())
    ]


def _unasked(played: Played, group: Sequence[Message]) -> Delivery:
    early = "sent before anybody was asked to" if group[0].early else ""
    receipt = Receipt(played, group[0])
    note = "; ".join(filter(None, [early, _how_it_was_taken(receipt)])) or "not asked for"
    return replace(_delivery(receipt, summary(group[0].content), note=note), expected=False, count=len(group))


def _how_it_was_taken(receipt: Receipt) -> str:
    """What is wrong with what the receiver answered, in words; empty when nothing is."""
    if receipt.unhandled:
        return _NOTES["TOPIC_UNKNOWN"]
    reply = receipt.message.reply
    if reply is None:
        return "no reply" if receipt.message.waits else ""
    return "" if reply == receipt.ok else _NOTES.get(reply, f"the handler answered {reply}")


def _how_it_was_logged(receipt: Receipt) -> str:
    """What is wrong with what the student's party logged of a message, in words; empty when nothing is."""
    if receipt.unlogged:
        return "not logged as asked for"
    return f"logged {receipt.logged} times" if receipt.logged > receipt.alike else ""


def _delivery(receipt: Receipt, label: str, note: str) -> Delivery:
    message = receipt.message
    return Delivery(
        message.sender,
        message.receiver,
        message.topic,
        label,
        sent=True,
        expected=True,
        reply=None if message.reply == NO_SHAREABLE else message.reply,
        logged=next(iter(receipt.lines), None),
        note=note,
    )
