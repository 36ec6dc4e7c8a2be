"""The signs for what the network did to a message: one for each thing that a reader can see of a fault."""

from collections.abc import Iterable
from enum import Enum


class FaultSign(Enum):
    """A sign of a fault; its value is what a legend says of it."""

    LOST = "lost on the way"
    REFUSED = "not taken by the receiver"
    LATE = "came later"
    TWICE = "came twice"
    NO_REPLY = "came, and the reply was lost"


GLYPHS = {
    FaultSign.LOST: "╳",
    FaultSign.REFUSED: "⊣",
    FaultSign.LATE: "◷",
    FaultSign.TWICE: "►►",
    FaultSign.NO_REPLY: "╳╌",
}
"""The signs in a text."""

_SIGNS = {
    "drop": FaultSign.LOST,
    "cut": FaultSign.LOST,
    "die": FaultSign.LOST,
    "late_start": FaultSign.REFUSED,
    "handler_error": FaultSign.REFUSED,
    "delay": FaultSign.LATE,
    "hold": FaultSign.LATE,
    "duplicate": FaultSign.TWICE,
    "lose_reply": FaultSign.NO_REPLY,
}
"""The signs of the kinds of faults, see `autograder.simulator.network.faults`."""


def signs_of(faults: Iterable[str]) -> tuple[FaultSign, ...]:
    """Return the signs of the faults that hit a message; what does not arrive has no other one."""
    found = {_SIGNS[fault] for fault in faults if fault in _SIGNS}
    for end in (FaultSign.LOST, FaultSign.REFUSED):
        if end in found:
            return (end,)
    return tuple(sign for sign in FaultSign if sign in found)


def glyphs(signs: Iterable[FaultSign]) -> str:
    """Return the signs as a text; empty for none."""
    return " ".join(GLYPHS[sign] for sign in signs)
