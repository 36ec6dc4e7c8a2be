"""The conditions that a run waits for after the exercise's workflow, besides messages that are on their way.

The conditions are plain data. `autograder.simulator.parties.components.AwaitQuiescence` looks at them as long as
anything can still come of what the parties do, within its limit.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal


@dataclass(frozen=True)
class Progress:
    """The progress of a run.

    Attributes:
        messages: how many have arrived, by sender, receiver and topic.
        said: how many lines each party has logged that begin with a prefix, by party and prefix.
        tasks: how many tasks are being executed.
        seconds: since the exercise began, as they would be on an idle machine.
    """

    messages: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    tasks: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class LogSays:
    """Each of the parties has logged so many lines that begin with a prefix."""

    prefix: str
    parties: tuple[str, ...]
    least: int = 1
    kind: Literal["log says"] = field(default="log says", init=False)

    def is_met(self, progress: Progress) -> bool:
        """Return whether the condition is met."""
        return all(progress.said[party, self.prefix] >= self.least for party in self.parties)


@dataclass(frozen=True)
class MessagesSeen:
    """So many messages with a topic have arrived, whoever sent them unless somebody is named."""

    topic: str
    least: int
    sender: str = ""
    receiver: str = ""
    kind: Literal["messages seen"] = field(default="messages seen", init=False)

    def is_met(self, progress: Progress) -> bool:
        """Return whether the condition is met."""
        wanted = (self.sender, self.receiver, self.topic)
        return self.least <= sum(
            count
            for message, count in progress.messages.items()
            if all(want in ("", has) for want, has in zip(wanted, message, strict=True))
        )


@dataclass(frozen=True)
class TasksDone:
    """Met when no site executes a task, whether or not the controller waits for it."""

    kind: Literal["tasks done"] = field(default="tasks done", init=False)

    def is_met(self, progress: Progress) -> bool:
        """Return whether the condition is met."""
        return not progress.tasks


@dataclass(frozen=True)
class NotBefore:
    """So many seconds have passed since the exercise began, on an idle machine; on a slower one, more."""

    seconds: float
    kind: Literal["not before"] = field(default="not before", init=False)

    def is_met(self, progress: Progress) -> bool:
        """Return whether the condition is met."""
        return progress.seconds >= self.seconds


Condition = LogSays | MessagesSeen | TasksDone | NotBefore

_KINDS: tuple[type[Condition], ...] = (LogSays, MessagesSeen, TasksDone, NotBefore)


def from_json(data: Mapping[str, Any]) -> Condition:
    """Return the condition of which these are the fields, as `dataclasses.asdict` gives them and JSON keeps them."""
    (kind,) = (kind for kind in _KINDS if kind.kind == data["kind"])
    given = {one.name: data[one.name] for one in fields(kind) if one.init}
    make: Any = kind
    condition: Condition = make(**{name: tuple(v) if isinstance(v, list) else v for name, v in given.items()})
    return condition
