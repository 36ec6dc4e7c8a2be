"""The picture of a run in words: for a screen reader, and for whoever likes to read."""

from collections import Counter

from autograder.report.diagram.rows import Diagram, Kind, Row
from autograder.report.fault_signs import FaultSign, glyphs
from autograder.report.reasons import joined

SIGNS = {Kind.GOOD: "✓", Kind.UNWELL: "!", Kind.MISSING: "✗", Kind.EXTRA: "✗"}
"""The signs of ``words.sign``."""

_COUNTED = {
    Kind.GOOD: "as it should be",
    Kind.UNWELL: "sent, but not all right",
    Kind.MISSING: "never came",
    Kind.EXTRA: "not asked for",
}


def sentences(shown: Diagram) -> list[str]:
    """Return one sentence for each row, in the order of the picture."""
    said = [_sentence(shown, row) for row in shown.rows]
    return [*said, f"… and {shown.left_out} more rows."] if shown.left_out else said


def _sentence(shown: Diagram, row: Row) -> str:
    names = [shown.lanes[number].name for number in row.receivers]
    receivers = "itself" if row.receivers == (row.sender,) else joined(names)
    results = "; ".join(row.results)
    sign = f"{SIGNS[row.kind]} {glyphs(row.faults)}".rstrip()
    sent = f"{sign} {shown.lanes[row.sender].name} to {receivers}: {row.heading}"
    return f"{sent}. {_capital(results)}." if results else f"{sent}."


def title(shown: Diagram) -> str:
    """Return the title of the picture."""
    if not shown.lanes:
        return "Sequence diagram: no message was seen."
    return f"Sequence diagram: messages between {joined([lane.name for lane in shown.lanes])}."


def summary(shown: Diagram) -> str:
    """Return how many messages are as they should be and how many are not, in one line."""
    if not shown.rows:
        return "No message was seen."
    counts: Counter[Kind] = Counter()
    hit: Counter[FaultSign] = Counter()
    for row in shown.rows:
        counts[row.kind] += row.count * len(row.receivers)
        hit.update(dict.fromkeys(row.faults, row.count * len(row.receivers)))
    messages = ", ".join(f"{counts[kind]} {_COUNTED[kind]}" for kind in Kind if counts[kind])
    yours = [lane.name for lane in shown.lanes if lane.student]
    played = f" Your code ran as {joined(yours)}." if yours else ""
    faults = "; ".join(f"{hit[sign]} {sign.value}" for sign in FaultSign if hit[sign])
    network = f" By the network: {faults}." if faults else ""
    return f"Messages: {messages}.{network}{played}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
