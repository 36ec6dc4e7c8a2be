"""The deliveries of a run: expected and seen messages side by side, and the log lines that matter."""

from collections import Counter
from collections.abc import Sequence

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.model import LogLine, Message
from autograder.report.model import Delivery
from autograder.report.tracebacks import located
from autograder.rubric.model import Played
from autograder.rubric.receiving import Receipt, component_lines
from autograder.simulator.scenario import COURSE_TOPIC_PREFIX, Expected

_MOST_LINES = 100
_MOST_DELIVERIES = 200
_FRAMEWORK_LINES = ("registered aux handler for topic ", "received unknown aux message topic ", "invalid targe")
_TELLING = (
    "nvflare.private.aux_runner.",
    "nvflare.private.fed.client.client_runner.",
    "nvflare.private.fed.server.server_runner.",
)
"""Parts of NVFlare whose errors are about components. Those of others are mostly about connections at the end."""
_FRAMEWORK_TOPICS = ("_", "RM.", "ObjectStreamer", "fed.event")

_NOTES = {
    "TOPIC_UNKNOWN": "no handler for this topic",
    "HANDLER_EXCEPTION": "the handler raised an exception",
    NO_SHAREABLE: "the handler returned no Shareable",
}


def deliveries_of(played: Played) -> tuple[Delivery, ...]:
    """Expected messages in the scenario's order, then those that nobody asked for."""
    remaining = list(played.evidence.messages)
    found = [_expected_delivery(played, wanted, remaining) for wanted in played.scenario.expected]
    return (*found, *_unexpected(played, remaining))[:_MOST_DELIVERIES]


def lines_that_matter(played: Played) -> tuple[str, ...]:
    """Log lines of the components, errors, and what the framework says of handlers and targets; at most a hundred."""
    lines = [line for line in played.evidence.log_lines if matters(line)]
    texts = (located(line.text, played.locate) for line in lines[:_MOST_LINES])
    return tuple(f"{line.site}: {line.level} {line.logger}: {text}" for line, text in zip(lines, texts, strict=False))


def matters(line: LogLine) -> bool:
    """Whether a log line is about what students do."""
    if line.text.startswith(_FRAMEWORK_LINES[0]):
        return not line.text.removeprefix(_FRAMEWORK_LINES[0]).startswith(_FRAMEWORK_TOPICS)
    if not line.origin.startswith(("nvflare.", "autograder.")):
        return True
    told = line.origin.startswith(_TELLING) and line.level in ("ERROR", "CRITICAL")
    return (told or line.text.startswith(_FRAMEWORK_LINES)) and COURSE_TOPIC_PREFIX not in line.text


def _expected_delivery(played: Played, wanted: Expected, remaining: list[Message]) -> Delivery:
    same = [m for m in remaining if (m.sender, m.receiver, m.topic) == (wanted.sender, wanted.receiver, wanted.topic)]
    right = [m for m in same if m.text == wanted.text] or same
    if not right:
        return Delivery(
            wanted.sender, wanted.receiver, wanted.topic, wanted.text, sent=False, expected=True, note="not sent"
        )
    chosen = [m for m in right if m.text == right[0].text]
    for message in chosen:
        remaining.remove(message)
    return _delivery(played, chosen, expected=True)


def _unexpected(played: Played, remaining: Sequence[Message]) -> list[Delivery]:
    groups: dict[tuple[str, str, str, str | None], list[Message]] = {}
    for message in remaining:
        groups.setdefault((message.sender, message.receiver, message.topic, message.text), []).append(message)
    found = [_delivery(played, group, expected=False) for group in groups.values()]
    to_self = Counter(played.evidence.to_self)
    return found + [
        Delivery(site, site, "", None, sent=True, expected=False, count=count, note="sent to itself")
        for site, count in sorted(to_self.items())
    ]


def _delivery(played: Played, messages: Sequence[Message], *, expected: bool) -> Delivery:
    first = messages[0]
    receipt = Receipt(played, first)
    line = next((line.text for line in component_lines(played, first.receiver) if line.text == receipt.line), None)
    note = first.problem or ("no handler for this topic" if receipt.unhandled else _NOTES.get(first.reply or "", ""))
    if not note and first.waits and first.reply is None:
        note = "no reply"
    if not note and not expected:
        note = "not asked for"
    return Delivery(
        first.sender,
        first.receiver,
        first.topic,
        first.text,
        sent=True,
        expected=expected,
        reply=first.reply,
        logged=line,
        count=len(messages),
        note=note,
    )
