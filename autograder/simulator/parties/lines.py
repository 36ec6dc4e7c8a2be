"""The lines that the course's own parties are told to say: see `autograder.simulator.parties.conducting`."""

from collections.abc import Mapping
from typing import Any

Line = dict[str, Any]
"""A message: its receiver, topic, data kind and data; JSON values."""
Lines = list[Line]


def line(receiver: str, topic: str, data: Mapping[str, Any], kind: str = "APP_DEFINED") -> Line:
    """Return the line that says a DXO with this data."""
    return {"receiver": receiver, "topic": topic, "kind": kind, "data": dict(data)}
