"""A scenario: who takes part in a run, with which code, and what is asked of them."""

from dataclasses import dataclass, field
from typing import Any

COURSE_TOPIC_PREFIX = "_course."
"""Topics of the course's own aux messages begin with this."""

SERVER = "server"
"""How the server is called among the parties of a run."""


@dataclass(frozen=True)
class Part:
    """A component with the modules that it needs: what one party runs.

    Attributes:
        module: the name of the module that holds ``class_name``; a key of ``sources``.
        arguments: keyword arguments for its constructor, JSON values.
        sources: module name to source text; written to the party's ``custom`` folder.
    """

    module: str
    class_name: str
    sources: dict[str, str]
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """A message that the exercise asks for."""

    sender: str
    receiver: str
    topic: str
    text: str


@dataclass(frozen=True)
class Scenario:
    """One run to make.

    Attributes:
        name: such as ``send``.
        controller: what the server runs.
        executors: site name to what it runs.
        students: the parties that run the student's code.
        expected: the messages that a right answer leads to.
        seed: from which positions and nonces were drawn.
        barrier: whether the course's start barrier runs before the controller.
    """

    name: str
    controller: Part
    executors: dict[str, Part]
    students: frozenset[str]
    expected: tuple[Expected, ...]
    seed: int = 0
    barrier: bool = True
