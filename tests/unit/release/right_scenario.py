"""A scenario in which nothing is wrong, for tests that make something of it wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder import assignments
from autograder.rubric.matchers import Text
from autograder.rubric.model import Assignment, Cast
from autograder.simulator.scenario import Expected, Part, Scenario
from tests.tools.course_folder import NAME

ASSIGNMENT = assignments.load(NAME)
TALKS = "TalkingExecutor"
SITES = ("site-0", "site-1")
KNOWN = ", ".join(sorted({TALKS, *ASSIGNMENT.given_classes}))
PEERS = """
from nvflare.apis.controller_spec import Task

class AskingController:
    def __init__(self, sites: list[str], rounds: int = 1) -> None: ...

    def control_flow(self, abort_signal, fl_ctx):
        task = Task(name="ask", data=None)

class AnyController(AskingController):
    def control_flow(self, abort_signal, fl_ctx):
        task = Task(name=f"ask-{self.rounds}", data=None)
"""


def asks(cast: Cast, name: str = "AskingController", **arguments: Any) -> Part:
    return cast.reference(name, {"sites": list(SITES)} | arguments)


def hello(sender: str = "site-0", receiver: str = "site-1", **fields: Any) -> Expected:
    return Expected(sender, receiver, "hello", Text("message", "Hello"), **fields)


def scenario(cast: Cast, **fields: Any) -> Scenario:
    """A scenario in which nothing is wrong, but for what is said."""
    right = Scenario(
        "send",
        asks(cast) if "controller" not in fields else fields["controller"],
        {site: cast.student(TALKS) for site in SITES},
        frozenset(SITES),
        (hello(), hello("site-1", "site-0")),
        cast.seed,
        tasks={"ask": SITES},
    )
    return replace(right, **fields)


CrossPlay = Callable[[Cast], tuple[Scenario, ...]]


def with_first(**fields: Any) -> Assignment:
    """The course's assignment, with the first exercise changed and those that follow left out."""
    first = replace(ASSIGNMENT.exercises[0], self_contained=False, **fields)
    return replace(ASSIGNMENT, exercises=(first,))
