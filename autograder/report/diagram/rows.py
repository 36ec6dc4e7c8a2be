"""The contents of a picture of a run before it is drawn: lanes, and rows of messages that are alike.

One row is one sender's message, with an arrow to each receiver where the same came of it. So a message to seven sites
is one row of seven arrows, and a thousand of the same are one row with a count. Every text in a row is safe to look at.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from autograder.report import words
from autograder.report.delivery_words import faults, note, too_often
from autograder.report.fault_signs import FaultSign, signs_of
from autograder.report.model import Delivery, RunSummary
from autograder.report.sanitize import visible

MAX_LANES = 12
"""Parties with a lane of their own; the last lane is for all others together when there are more."""

MAX_ROWS = 30
_ALIKE = 4
"""So many rows that differ in nothing but the message become one row."""

_TOPIC = 40
_MESSAGE = 80
_SAID = 160


class Kind(Enum):
    """The way in which a message is drawn."""

    GOOD = "as it should be"
    UNWELL = "sent to whom it should be, but it says something else or was not taken well"
    MISSING = "expected, but never came"
    EXTRA = "not asked for"


@dataclass(frozen=True)
class Lane:
    """A party: its name, and whether it ran the student's code."""

    name: str
    student: bool


@dataclass(frozen=True)
class Row:
    """Messages of one sender that are alike.

    Attributes:
        sender: number of the sender's lane.
        receivers: numbers of the receivers' lanes.
        label: topic and message.
        count: how many times it went to each receiver.
        reply: the return code that came back; empty when none was seen.
        faults: the signs of what the network did to each of them.
        result: what came of it, one line each: what was logged, what is wrong.
    """

    sender: int
    receivers: tuple[int, ...]
    kind: Kind
    label: str
    count: int
    reply: str
    faults: tuple[FaultSign, ...]
    result: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Return the topic, the message, and how many of them there are."""
        return f"{self.label} × {self.count}" if self.count != 1 else self.label

    @property
    def results(self) -> tuple[str, ...]:
        """Return the results, with the reply."""
        return (f"reply {self.reply}", *self.result) if self.reply else self.result


@dataclass(frozen=True)
class Diagram:
    """The rows that are drawn of a run; ``left_out`` is the number of those for which there was no room."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    left_out: int

    @property
    def faults(self) -> tuple[FaultSign, ...]:
        """Return the signs of faults that are in it, each once."""
        found = {sign for row in self.rows for sign in row.faults}
        return tuple(sign for sign in FaultSign if sign in found)


def diagram(run: RunSummary) -> Diagram:
    """Return the picture of a run. Senders are in the order in which the exercise names them; no clock is shown."""
    names = words.parties(run)
    places = {name: min(number, MAX_LANES - 1) for number, name in enumerate(names)}
    groups = _folded(_groups(run.deliveries))
    order = {name: number for number, name in reversed(list(enumerate(one.sender for one in run.deliveries)))}
    groups.sort(key=lambda group: order[group.first.sender])
    rows = [_row(group, places) for group in groups]
    return Diagram(tuple(_lanes(names, run.students)), tuple(rows[:MAX_ROWS]), max(0, len(rows) - MAX_ROWS))


def _lanes(names: list[str], students: tuple[str, ...]) -> Iterable[Lane]:
    alone = names if len(names) <= MAX_LANES else names[: MAX_LANES - 1]
    yield from (Lane(visible(name, 40), name in students) for name in alone)
    if others := names[len(alone) :]:
        yield Lane(f"{len(others)} others", any(name in students for name in others))


@dataclass(frozen=True)
class _Group:
    """Deliveries that differ in their receiver only; ``texts`` of them, when messages that differ were folded."""

    first: Delivery
    receivers: tuple[str, ...]
    count: int
    texts: int = 1


def _groups(deliveries: Iterable[Delivery]) -> list[_Group]:
    counts: dict[Delivery, int] = {}
    for one in (part for delivery in deliveries for part in _parts(delivery)):
        alone = replace(one, count=1, asked=1)
        counts[alone] = counts.get(alone, 0) + one.count
    alike: dict[tuple[Delivery, int], list[str]] = {}
    for one, count in counts.items():
        alike.setdefault((replace(one, receiver=""), count), []).append(one.receiver)
    return [_Group(one, tuple(receivers), count) for (one, count), receivers in alike.items()]


def _parts(delivery: Delivery) -> tuple[Delivery, ...]:
    """Return a delivery in parts: the one that was asked for, and any that were sent too often."""
    if not words.is_repeated(delivery):
        return (delivery,)
    more, why = delivery.count - delivery.asked, (too_often(delivery),)
    again = replace(delivery, count=more, expected=False, reasons=why, faults=())
    return replace(delivery, count=delivery.asked), again


def _folded(groups: list[_Group]) -> list[_Group]:
    """Return the groups, with one in place of many that differ only in their text."""
    alike: dict[object, list[_Group]] = {}
    for group in groups:
        without_text = replace(group.first, label="", logged="" if group.first.logged else None)
        alike.setdefault((without_text, group.receivers), []).append(group)
    return [group for same in alike.values() for group in (same if len(same) < _ALIKE else [_one_for(same)])]


def _one_for(groups: list[_Group]) -> _Group:
    return replace(groups[0], count=sum(group.count for group in groups), texts=len(groups))


def _row(group: _Group, places: dict[str, int]) -> Row:
    first = group.first
    return Row(
        sender=places[first.sender],
        receivers=tuple(sorted({places[name] for name in group.receivers})),
        kind=_kind(first),
        label=_label(first, group.texts),
        count=group.count,
        reply=visible(first.reply or "", _TOPIC),
        faults=signs_of(first.faults),
        result=tuple(_result(first, group.texts)),
    )


def _kind(delivery: Delivery) -> Kind:
    if not delivery.sent:
        return Kind.MISSING
    if not delivery.expected:
        return Kind.EXTRA
    return Kind.GOOD if words.is_good(delivery) else Kind.UNWELL


def _label(delivery: Delivery, texts: int) -> str:
    topic = visible(delivery.topic, _TOPIC)
    message = f"“{visible(delivery.label, _MESSAGE)}”" if delivery.label else ""
    if texts > 1:
        message = f"{texts} texts, such as {message}" if message else f"{texts} texts"
    return f"{topic} {message}".strip() or "a message"


def _result(delivery: Delivery, texts: int) -> Iterable[str]:
    """Return the results of a message, trouble first."""
    said = visible(note(delivery), _SAID)
    if not delivery.sent:
        yield f"never came: {said}" if said else "never came"
        return
    if not delivery.expected:
        yield f"not asked for; {said}" if said else "not asked for"
    elif said:
        yield said
    if hit := faults(delivery):
        yield f"by the network: {visible(hit, _SAID)}"
    if delivery.logged is not None:
        yield f"logged “{visible(delivery.logged, _SAID)}”" + (" and so on" if texts > 1 else "")
