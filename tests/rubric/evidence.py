"""Evidence made by hand, for checks that are judged without a simulator."""

from dataclasses import replace

from autograder.evidence.content import Content, ContentFault, Value
from autograder.evidence.model import Evidence, LogLine, Message, TaskResult
from autograder.rubric.matchers import Text
from autograder.rubric.model import Played
from autograder.simulator.loading import Loading
from autograder.simulator.scenario import SERVER, Expected, LogTemplate, Part, Scenario

SITES = ("site-0", "site-1", "site-2")
STUDENT = "site-1"
PEERS = ("site-0", "site-2")

LOG_LINE = LogTemplate("Received message from {sender}: {message}")
_PART = Part("module", "Class", {"module": ""})


def scenario(expected: tuple[Expected, ...], students: frozenset[str] = frozenset({STUDENT})) -> Scenario:
    """A scenario of three sites."""
    parts = dict.fromkeys(SITES, _PART)
    return Scenario("test", _PART, parts, students, expected, task="talk")


def hello(sender: str, receiver: str) -> Expected:
    """The message that is asked for."""
    return Expected(sender, receiver, "hello", Text("message", f"Hello from {sender}"), log=LOG_LINE)


def said(text: Value, kind: str = "APP_DEFINED") -> Content:
    """What a message says that has this under its key."""
    return Content(kind, {"message": text})


NO_DXO = Content(None, {"message": "Hello"}, fault=ContentFault.NO_DXO)


def message(sender: str, receiver: str, **fields: object) -> Message:
    """A right message that was answered OK, with some fields changed."""
    right = Message(1, sender, receiver, "hello", said(f"Hello from {sender}"), reply="OK")
    return replace(right, **fields)  # type: ignore[arg-type]


def line(site: str, text: str, level: str = "INFO", logger: str = "P2PExecutor", origin: str = "") -> LogLine:
    """A line of a component's log."""
    return LogLine(site, "", logger, origin or f"submission.{logger}", level, f"[identity={site}]", text)


def sending(*messages: Message, code: str = "OK", lines: tuple[LogLine, ...] = (), **fields: object) -> Played:
    """A run in which the student's site should send to both peers."""
    expected = tuple(hello(STUDENT, peer) for peer in PEERS)
    results = (TaskResult(STUDENT, "talk", code),) if code else ()
    return Played(scenario(expected), _evidence(messages, lines, results, **fields))


def receiving(*messages: Message, lines: tuple[LogLine, ...] = (), **fields: object) -> Played:
    """A run in which the student's site should receive from both peers."""
    expected = tuple(hello(peer, STUDENT) for peer in PEERS)
    return Played(scenario(expected), _evidence(messages, lines, (), **fields))


def _evidence(
    messages: tuple[Message, ...], lines: tuple[LogLine, ...], results: tuple[TaskResult, ...], **fields: object
) -> Evidence:
    loading = {party: Loading("started") for party in (SERVER, *SITES)}
    numbered = tuple(replace(one, number=number) for number, one in enumerate(messages, start=1))
    whole = Evidence(numbered, lines, results, loading=loading, ready=frozenset(SITES), finished=True, quiet=True)
    return replace(whole, **fields)  # type: ignore[arg-type]
