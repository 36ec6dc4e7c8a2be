"""The evidence of one run: plain data that rubrics read."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """One aux request, as the witness on the server saw it pass.

    Attributes:
        number: place in the order in which the witness saw requests, from 1.
        sender: site name, or ``server``.
        receiver: site name, or ``server``.
        text: ``data["message"]`` when it was a string in a DXO, else None.
        data_kind: the DXO's data kind, or None when the request held no DXO.
        problem: what is wrong with the content in words, such as "no DXO"; empty when ``text`` is a string.
        reply: return code of the reply that the witness saw, or None. With ``timeout=0`` a reply is still sent.
    """

    number: int
    sender: str
    receiver: str
    topic: str
    text: str | None
    data_kind: str | None
    problem: str = ""
    reply: str | None = None


@dataclass(frozen=True)
class LogLine:
    """One line of a party's ``log.json``.

    Attributes:
        site: whose log it is in: a site name, or ``server``.
        logger: short logger name, which is the class name for components.
        origin: full logger name.
        context: what NVFlare put in brackets: identity, run, peer …
    """

    site: str
    time: str
    logger: str
    origin: str
    level: str
    context: str
    text: str


@dataclass(frozen=True)
class TaskResult:
    """A result that a site sent for a task, with its return code."""

    site: str
    task: str
    return_code: str


@dataclass(frozen=True)
class Evidence:
    """What one run left behind.

    Attributes:
        messages: all aux requests of the course's concern (NVFlare's own topics are left out), in order.
        log_lines: all parsed lines of all parties, in each party's order.
        results: task results that reached the server.
        printed: what each party wrote to stdout or stderr that is not a log line, at most a few kilobytes each.
        started: sites that reached the start barrier.
        finished: whether the exercise's workflow came to its end.
        settled: whether all messages that were sent had been handled when the run was stopped.
    """

    messages: tuple[Message, ...] = ()
    log_lines: tuple[LogLine, ...] = ()
    results: tuple[TaskResult, ...] = ()
    printed: dict[str, str] = field(default_factory=dict)
    started: frozenset[str] = frozenset()
    finished: bool = False
    settled: bool = False
