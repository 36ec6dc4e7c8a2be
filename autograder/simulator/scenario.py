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
        then: for a site, further classes of the module, each of which takes one of the tasks that follow.
    """

    module: str
    class_name: str
    sources: dict[str, str]
    arguments: dict[str, Any] = field(default_factory=dict)
    then: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The classes as NVFlare's configurations name them."""
        return tuple(f"{self.module}.{name}" for name in (self.class_name, *self.then))


@dataclass(frozen=True)
class Expected:
    """A message that the exercise asks for.

    Attributes:
        handled: whether its receiver is asked to have a handler for it. Where none is asked for yet, a message that
            finds none is as it should be.
    """

    sender: str
    receiver: str
    topic: str
    text: str
    handled: bool = True


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
        rounds: arguments of the controller for further rounds, each of which begins when all is quiet again.
        server_sends: whether the server, which is then the course's, sends messages that are to be judged.
    """

    name: str
    controller: Part
    executors: dict[str, Part]
    students: frozenset[str]
    expected: tuple[Expected, ...]
    seed: int = 0
    barrier: bool = True
    rounds: tuple[dict[str, Any], ...] = ()
    server_sends: bool = False
