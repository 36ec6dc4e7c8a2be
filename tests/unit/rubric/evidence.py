"""Evidence made by hand, for checks that are judged without a simulator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.evidence.model import Evidence, LogLine, Message, TaskResult
from autograder.report.places import Place
from autograder.report.reasons import Datum
from autograder.rubric.catalogue import words_of
from autograder.rubric.concepts import Idea
from autograder.rubric.matchers import Text
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.simulator.network.content import Content, ContentFault, Value
from autograder.simulator.parties.loading import Loading
from autograder.simulator.scenario import SERVER, Expected, LogTemplate, Part, Scenario

SITES = ("site-0", "site-1", "site-2")
STUDENT = "site-1"
PEERS = ("site-0", "site-2")

LOG_LINE = LogTemplate("Received message from {sender}: {message}")
_PART = Part("module", "Class", {"module": ""})


def numbered(number: int) -> Place:
    """Say where a line of the module is, for a module that is one cell."""
    return Place("", number)


def where(places: Sequence[Place]) -> str:
    """Write places with their code down, such as ``L3: send()``; those that the words name have none."""
    return "; ".join(f"L{place.line}: {place.code}" for place in places if place.code)


@dataclass(frozen=True)
class Judged:
    """What a check found that did not pass.

    Attributes:
        where: the lines that are shown, as `where` writes them.
        at: the line that the hint's words name; 0 when they name none.
    """

    code: str
    data: Mapping[str, Datum]
    where: str
    at: int
    idea: Idea | None
    blocks: bool


def judged(check: Check, played: RunEvidence) -> Judged:
    """Judge a run with a check that does not pass. The words of its hint can be made."""
    finding = check.judge([played])
    assert not finding.passed
    hint = finding.why(check)
    assert words_of(hint)
    at = next((place.line for place in hint.places if not place.code), 0)
    return Judged(hint.code, hint.data, where(hint.places), at, hint.idea, hint.blocks)


def hint_of(finding: Finding) -> Hint:
    """The hint of a finding, which has more than words."""
    assert isinstance(finding.hint, Hint), finding.hint
    return finding.hint


def scenario(expected: tuple[Expected, ...], students: frozenset[str] = frozenset({STUDENT})) -> Scenario:
    """A scenario of three sites."""
    parts = dict.fromkeys(SITES, _PART)
    return Scenario("test", _PART, parts, students, expected, tasks={"talk": SITES})


def hello(sender: str, receiver: str) -> Expected:
    """The message that is asked for."""
    return Expected(sender, receiver, "hello", Text("message", f"Hello from {sender}"), log=LOG_LINE)


def said(text: Value, kind: str = "APP_DEFINED") -> Content:
    """What a message says that has this under its key."""
    return Content(kind, {"message": text})


NO_DXO = Content(None, {"message": "Hello"}, fault=ContentFault.NO_DXO)


def message(sender: str, receiver: str, **fields: Any) -> Message:
    """A right message that was answered OK, with some fields changed."""
    right = Message(1, sender, receiver, "hello", said(f"Hello from {sender}"), reply="OK", answered_in_time=True)
    return replace(right, **fields)


def line(site: str, text: str, level: str = "INFO", logger: str = "P2PExecutor", origin: str = "") -> LogLine:
    """A line of a component's log."""
    return LogLine(site, "", logger, origin or f"submission.{logger}", level, f"[identity={site}]", text)


def sending(*messages: Message, code: str = "OK", lines: tuple[LogLine, ...] = (), **fields: Any) -> RunEvidence:
    """A run in which the student's site should send to both peers."""
    expected = tuple(hello(STUDENT, peer) for peer in PEERS)
    results = (TaskResult(STUDENT, "talk", code),) if code else ()
    return RunEvidence(scenario(expected), _evidence(messages, lines, results, **fields))


def receiving(*messages: Message, lines: tuple[LogLine, ...] = (), **fields: Any) -> RunEvidence:
    """A run in which the student's site should receive from both peers."""
    expected = tuple(hello(peer, STUDENT) for peer in PEERS)
    return RunEvidence(scenario(expected), _evidence(messages, lines, (), **fields))


def _evidence(
    messages: tuple[Message, ...], lines: tuple[LogLine, ...], results: tuple[TaskResult, ...], **fields: Any
) -> Evidence:
    loading = {party: Loading("started") for party in (SERVER, *SITES)}
    numbered = tuple(replace(one, number=number) for number, one in enumerate(messages, start=1))
    whole = Evidence(numbered, lines, results, loading=loading, ready=frozenset(SITES), finished=True, quiet=True)
    return replace(whole, **fields)
