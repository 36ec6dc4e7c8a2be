"""The deliveries of a run: expected and seen messages side by side, and the log lines that matter."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.model import LogLine, Message
from autograder.report.model import Delivery
from autograder.report.tracebacks import located
from autograder.rubric import diagnosis
from autograder.rubric.matching import matched
from autograder.rubric.model import Played
from autograder.rubric.receipts import Receipt, component_lines
from autograder.simulator.scenario import SERVER, Expected
from autograder.simulator.topics import COURSE_TOPICS, HANDLED_TOPICS

_DATA_KIND = "APP_DEFINED"
_FAILED_TO_SEND = "Failed to send aux message"
_MOST_LINES = 100
_MOST_DELIVERIES = 200
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
    matching = matched(played)
    claimed = {message.number for messages in matching.values() for message in messages}
    found = [_expected_delivery(played, wanted, matching[wanted]) for wanted in played.scenario.expected]
    remaining = [message for message in played.evidence.messages if message.number not in claimed]
    return (*found, *_unexpected(played, remaining, _MOST_DELIVERIES - len(found)))[:_MOST_DELIVERIES]


def lines_that_matter(played: Played) -> tuple[str, ...]:
    """Log lines of the components, errors, and what the framework says of handlers and targets; at most a hundred."""
    lines = [line for line in played.evidence.log_lines if matters(line)]
    texts = (located(line.text, played.locate) for line in lines[:_MOST_LINES])
    return tuple(f"{line.site}: {line.level} {line.logger}: {text}" for line, text in zip(lines, texts, strict=False))


def matters(line: LogLine) -> bool:
    """Whether a log line is about what students do."""
    if line.text.startswith(_FRAMEWORK_LINES[0]):
        return line.text.removeprefix(_FRAMEWORK_LINES[0]) not in HANDLED_TOPICS
    if not line.origin.startswith(("nvflare.", "autograder.")):
        return True
    told = line.origin.startswith(_TELLING) and line.level in ("ERROR", "CRITICAL")
    return (told or line.text.startswith(_FRAMEWORK_LINES)) and not any(topic in line.text for topic in COURSE_TOPICS)


def _expected_delivery(played: Played, wanted: Expected, chosen: Sequence[Message]) -> Delivery:
    if not chosen:
        note = _why_not_sent(played, wanted)
        return Delivery(wanted.sender, wanted.receiver, wanted.topic, wanted.text, sent=False, expected=True, note=note)
    if chosen[0].credited:
        return _delivery(played, chosen, expected=True, note="")
    wrong = _what_is_wrong(chosen[0], wanted)
    receipt = Receipt(played, chosen[0], wanted.refusable)
    if receipt.refused:
        return _delivery(played, chosen, expected=True, note=wrong)
    taken = _how_it_was_taken(receipt) if wanted.handled or not receipt.unhandled else ""
    if wanted.handled and wanted.receiver in played.scenario.students and not wrong and not taken:
        taken = _how_it_was_logged(receipt, len(chosen))
    return _delivery(played, chosen, expected=True, note="; ".join(filter(None, [wrong, taken])))


def _what_is_wrong(message: Message, wanted: Expected) -> str:
    """In which way what a message says is not what was asked for, in words; empty when it is right."""
    if message.problem:
        return message.problem
    if message.data_kind != _DATA_KIND:
        return f"its data kind is {message.data_kind}, not {_DATA_KIND}"
    return "" if message.text == wanted.text else f"it should say “{wanted.text}”"


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


def _unexpected(played: Played, remaining: Sequence[Message], most: int) -> list[Delivery]:
    groups: dict[tuple[str, str, str, str | None], list[Message]] = {}
    for message in remaining:
        groups.setdefault((message.sender, message.receiver, message.topic, message.text), []).append(message)
    found = [_unasked(played, group) for group in islice(groups.values(), max(0, most))]
    to_self = Counter(played.evidence.to_self)
    return found + [
        Delivery(site, site, "", None, sent=True, expected=False, count=count, note="sent to itself")
        for site, count in sorted(to_self.items())
    ]


def _unasked(played: Played, group: Sequence[Message]) -> Delivery:
    early = "sent before anybody was asked to" if group[0].early else ""
    wrong, taken = group[0].problem, _how_it_was_taken(Receipt(played, group[0]))
    note = "; ".join(filter(None, [early, wrong, taken])) or "not asked for"
    return _delivery(played, group, expected=False, note=note)


def _how_it_was_taken(receipt: Receipt) -> str:
    """What is wrong with what the receiver answered, in words; empty when nothing is."""
    if receipt.unhandled:
        return _NOTES["TOPIC_UNKNOWN"]
    reply = receipt.message.reply
    if reply is None:
        return "no reply" if receipt.message.waits else ""
    return _NOTES.get(reply, "" if reply == "OK" else f"the handler answered {reply}")


def _how_it_was_logged(receipt: Receipt, times: int) -> str:
    """What is wrong with what the student's party logged of a message that was sent so many times."""
    if not receipt.logged:
        return "not logged as asked for"
    return f"logged {receipt.logged} times" if receipt.logged > times else ""


def _delivery(played: Played, messages: Sequence[Message], *, expected: bool, note: str) -> Delivery:
    first = messages[0]
    wanted = Receipt(played, first).line
    line = next((line.text for line in component_lines(played, first.receiver) if line.text == wanted), None)
    return Delivery(
        first.sender,
        first.receiver,
        first.topic,
        first.text,
        sent=True,
        expected=expected,
        reply=None if first.reply == NO_SHAREABLE else first.reply,
        logged=line,
        count=len(messages),
        note=note,
    )
