"""Faults of a scenario's network: a plan that says what happens to the nth message of a link.

What the plan says depends on its seed, on the link, the topic and n, and never on the clock, so it says the same in
every run. `autograder.simulator.nvflare_private.witness` applies it to the messages that pass the server's cell.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """A kind of fault: what a network or a party can do to a message."""

    DROP = "drop"
    """The request is lost: no handler runs, and a sender that waits gets ``TIMEOUT``."""
    DELAY = "delay"
    """The request arrives some seconds later; those after it are not held up. Who refuses it answers as much later."""
    HOLD = "hold"
    """The request arrives when another message has been answered; those after it are not held up."""
    DUPLICATE = "duplicate"
    """The request arrives twice; the sender gets one reply."""
    LOSE_REPLY = "lose_reply"
    """The handler runs, and its reply is lost: the sender gets ``TIMEOUT``."""
    CUT = "cut"
    """The link is cut in both directions: what is sent over it is lost."""
    LATE_START = "late_start"
    """The receiver has not registered its handlers yet: it answers ``TOPIC_UNKNOWN``."""
    HANDLER_ERROR = "handler_error"
    """The receiver's handler fails before it does anything: it answers ``HANDLER_EXCEPTION``."""
    DIE = "die"
    """A party's process has ended, and whatever is sent to it is lost."""


Way = tuple[str, str, str, int]
"""A message by sender, receiver, topic, and its number on this link."""

_ANSWERS = {FaultKind.LATE_START: "TOPIC_UNKNOWN", FaultKind.HANDLER_ERROR: "HANDLER_EXCEPTION"}
"""The return codes of NVFlare with which a receiver answers that does nothing about a message."""
_NEVER_ARRIVES = frozenset({FaultKind.DROP, FaultKind.CUT, FaultKind.DIE, *_ANSWERS})


@dataclass(frozen=True)
class Fault:
    """A fault, and the messages that it hits. An empty field stands for any.

    Messages are counted for each sender, receiver and topic, from 1.

    Attributes:
        nths: which messages of a link are hit; empty for all.
        seconds: how long a message is delayed, or held at most, on an idle machine.
        rate: how likely each of these messages is hit, drawn from the plan's seed.
        party: who dies: after the message that this hits, if the party has sent it, or else before it arrives. Without
            ``nths`` the party is dead before the exercise begins.
        after: the message that has to be answered before one that is held arrives. So an order that comes about now
            and then comes about in every run.
    """

    kind: FaultKind
    sender: str = ""
    receiver: str = ""
    topic: str = ""
    nths: tuple[int, ...] = ()
    seconds: float = 0.0
    rate: float = 1.0
    party: str = ""
    after: Way | None = None

    def __post_init__(self) -> None:
        if (self.kind is FaultKind.DIE) != bool(self.party):
            raise ValueError("a party is named for the fault die, and for no other")
        if self.kind is FaultKind.DELAY and not self.seconds > 0:
            raise ValueError("a delay takes some seconds")
        if (self.kind is FaultKind.HOLD) != bool(self.after):
            raise ValueError("what is held waits for another message, and nothing else does")
        if self.kind is FaultKind.HOLD and not self.seconds > 0:
            raise ValueError("what is held waits for some seconds at most")

    @property
    def from_the_start(self) -> bool:
        """Return whether a party is dead before the exercise begins."""
        return self.kind is FaultKind.DIE and not self.nths

    def covers(self, sender: str, receiver: str, topic: str, n: int) -> bool:
        """Return whether this fault can hit a message."""
        links = [(sender, receiver)] if self.kind is not FaultKind.CUT else [(sender, receiver), (receiver, sender)]
        on_link = any(self.sender in ("", a) and self.receiver in ("", b) for a, b in links)
        return on_link and self.topic in ("", topic) and (not self.nths or n in self.nths)


@dataclass(frozen=True)
class Fate:
    """The fate of one message.

    Attributes:
        faults: the kinds of faults that hit it, in the order of the plan; none for a message that is simply delivered.
            Whoever sends a message to the dead is hit by ``DIE``.
        delay: seconds after which it arrives, or is refused, on an idle machine.
        deaths: the parties that die with it.
        after: the messages that have to be answered before it arrives.
        held: seconds after which it arrives in any case, on an idle machine.
    """

    faults: tuple[FaultKind, ...] = ()
    delay: float = 0.0
    deaths: tuple[str, ...] = ()
    after: tuple[Way, ...] = ()
    held: float = 0.0

    @property
    def arrivals(self) -> int:
        """Return how often the message reaches its receiver's handlers."""
        if _NEVER_ARRIVES & set(self.faults):
            return 0
        return 2 if FaultKind.DUPLICATE in self.faults else 1

    @property
    def reply_is_lost(self) -> bool:
        """Return whether the reply gets lost on its way to the sender."""
        return FaultKind.LOSE_REPLY in self.faults

    @property
    def refusal(self) -> str:
        """Return the code with which the message is answered in place of its receiver; empty if it is not, or lost."""
        stopped = [fault for fault in self.faults if fault in _NEVER_ARRIVES]
        answers = [_ANSWERS[fault] for fault in stopped if fault in _ANSWERS]
        return answers[0] if answers and len(answers) == len(stopped) else ""


DELIVERED = Fate()
LOST_TO_THE_DEAD = Fate((FaultKind.DIE,))


@dataclass(frozen=True)
class FaultPlan:
    """The faults of a scenario.

    Attributes:
        seed: from which faults with a rate below 1 are drawn.
    """

    faults: tuple[Fault, ...] = ()
    seed: int = 0

    def fate(self, sender: str, receiver: str, topic: str, n: int) -> Fate:
        """Return what happens to the nth message of this topic from a sender to a receiver."""
        hits = [
            fault
            for number, fault in enumerate(self.faults)
            if not fault.from_the_start
            and fault.covers(sender, receiver, topic, n)
            and self._draw(number, sender, receiver, topic, n) < fault.rate
        ]
        if not hits:
            return DELIVERED
        return Fate(
            faults=tuple(dict.fromkeys(fault.kind for fault in hits if not fault.party)),
            delay=sum(fault.seconds for fault in hits if fault.kind is FaultKind.DELAY),
            deaths=tuple(dict.fromkeys(fault.party for fault in hits if fault.party)),
            after=tuple(fault.after for fault in hits if fault.after),
            held=max(fault.seconds for fault in hits) if any(fault.after for fault in hits) else 0.0,
        )

    @property
    def dead_from_the_start(self) -> frozenset[str]:
        """Return the parties that are dead before the exercise begins."""
        return frozenset(fault.party for fault in self.faults if fault.from_the_start)

    @property
    def mortal(self) -> frozenset[str]:
        """Return the parties whose process may end in the course of a run."""
        return frozenset(fault.party for fault in self.faults if fault.party)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "FaultPlan":
        """Return the plan with these fields, as `dataclasses.asdict` gives them and JSON keeps them."""
        faults = (
            Fault(
                **{
                    **one,
                    "kind": FaultKind(one["kind"]),
                    "nths": tuple(one["nths"]),
                    "after": tuple(one["after"]) if one["after"] else None,
                }
            )
            for one in data["faults"]
        )
        return cls(tuple(faults), data["seed"])

    def _draw(self, number: int, *message: str | int) -> float:
        """Return a number from 0 to 1, excluding 1, that depends on the seed, the fault and the message alone."""
        digest = hashlib.sha256(repr((self.seed, number, *message)).encode()).digest()
        return int.from_bytes(digest[:8]) / 2**64


def drawn(
    seed: int, links: Iterable[tuple[str, str]], topic: str = "", *, seconds: float = 1.0, **rates: float
) -> FaultPlan:
    """Return a plan that draws faults for each message of some links.

    Args:
        links: pairs of a sender and a receiver.
        seconds: of delays.
        rates: how likely a message is hit, by the value of a `FaultKind`, such as ``drop=0.2``.

    Raises:
        ValueError: when there is no such fault that can be drawn for a message.
    """
    kinds = [FaultKind(name) for name in rates]
    if {FaultKind.DIE, FaultKind.HOLD} & set(kinds):
        raise ValueError("whether a party dies, or what is held, is not drawn for each message")
    faults = [
        Fault(kind, sender, receiver, topic, seconds=seconds if kind is FaultKind.DELAY else 0.0, rate=rates[kind])
        for sender, receiver in links
        for kind in kinds
    ]
    return FaultPlan(tuple(faults), seed)
