"""The evidence of one run: plain data that rubrics read."""

from dataclasses import dataclass, field
from functools import cached_property

from autograder.simulator.network.content import Content
from autograder.simulator.network.faults import Fate, FaultKind
from autograder.simulator.parties.loading import Loading
from autograder.simulator.run import End


@dataclass(frozen=True)
class Message:
    """An aux request, as the witness on the server saw it pass.

    Attributes:
        number: place in the order in which the witness saw requests, from 1.
        sender: site name, or ``server``.
        receiver: site name, or ``server``.
        content: what it says.
        waits: whether its sender asked for a reply, which one that sends with ``timeout=0`` does not.
        reply: return code of the reply that the witness saw, or None. One that came too late, or was lost, shows what
            the receiver did; whether the sender got it, `answered_in_time` says.
        reply_content: what that reply says; None where nobody could see it.
        early: whether it was sent before the exercise began, so before anybody was asked to.
        credited: whether no such message was seen, and a stand-in was called in whose place a right answer sends it.
        attempt: which message of this sender to this receiver with this topic it is, from 1.
        fate: the faults of the network that hit it, by plan; none when it was simply delivered.
        channel: ``aux``, or ``collab`` for a call by ``nvflare.collab``, of which the topic is the function's name.
        transaction: the number that ``ReliableMessage`` gave it; empty for a message that was sent without.
        again: whether NVFlare has sent it again by itself, in the same transaction.
        answered_in_time: whether its reply came to its sender, and before the sender gave up waiting.
        gave_up_after: the timeout after which its sender gave up, in seconds; 0 if it did not.
        at: seconds since the epoch at which it passed the witness. A busy machine makes pauses longer and never
            shorter, so only that something was too soon can be told by it.
        answered_at: the same of its reply; 0 without one.
    """

    number: int
    sender: str
    receiver: str
    topic: str
    content: Content = field(default_factory=Content)
    waits: bool = True
    reply: str | None = None
    reply_content: Content | None = None
    early: bool = False
    credited: bool = False
    attempt: int = 1
    fate: tuple[FaultKind, ...] = ()
    answered_in_time: bool = False
    gave_up_after: float = 0.0
    channel: str = "aux"
    transaction: str = ""
    again: bool = False
    at: float = 0.0
    answered_at: float = 0.0

    @property
    def arrivals(self) -> int:
        """Return how often the network brought it to its receiver: 0 for one that it lost."""
        return Fate(self.fate).arrivals


@dataclass(frozen=True)
class LogLine:
    """A line of a party's ``log.json``.

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

    @property
    def by_component(self) -> bool:
        """Return whether a component of the exercise has logged it, and neither NVFlare nor the course."""
        return not self.origin.startswith(("nvflare.", "autograder."))


@dataclass(frozen=True)
class TaskResult:
    """A result that a site sent for a task, with its return code.

    Attributes:
        at: when it came, as in `Message`.
        given_at: when the site was given the task, which is before ``execute`` was called; 0 where nobody knows.
        content: what it says; None where nobody saw it whose word counts.
        after_end: whether it came when the exercise's workflow had already come to its end.
    """

    site: str
    task: str
    return_code: str
    at: float = 0.0
    given_at: float = 0.0
    content: Content | None = None
    after_end: bool = False


@dataclass(frozen=True)
class Activity:
    """The activity of a student's party besides its task, for a person to look at.

    Attributes:
        tried: what was reached for, as pairs of a kind (``files``, ``network``, ``processes``) and a detail.
        limit: the limit, other than of time, for which the run's supervisor ended the party; empty when it did not.
        left: how many processes of its own were alive at the end.
        ended_itself: whether its process ended by itself in the middle of the run, other than by an error on loading or
            because it had used up its CPU time.
        junk: what is wrong with its log or its output; empty when they are as NVFlare writes them.
        disk: a place in memory that was full, as the party sees it; empty when none was seen full.
    """

    tried: tuple[tuple[str, str], ...] = ()
    limit: str = ""
    left: int = 0
    ended_itself: bool = False
    junk: str = ""
    disk: str = ""


@dataclass(frozen=True)
class Evidence:
    """The evidence that one run left behind.

    Attributes:
        messages: all aux requests that components sent, whatever their topic, by sender and receiver, then in order.
        log_lines: all parsed lines of all parties, in each party's order.
        results: task results that reached the server.
        printed: what each party wrote to stdout or stderr that is not a log line, at most a few kilobytes each.
        loading: how the loading of each party's module went.
        stood_in: which methods of stand-ins the code of each student's party has called, each with its first argument
            where that is a text. It is what that party tells of itself.
        ready: sites that had come up and asked for a task before the exercise began.
        ended: sites whose process ended before the run was stopped.
        spent: parties, the server among them, whose process was ended because it had used up its CPU time.
        died: sites whose process was ended by a fault of the scenario.
        to_self: how many messages each site says that it sent to itself; these pass no witness.
        busy: parties with the student's code that say that a handler had begun with a message, and not come to its end,
            when the run was stopped.
        refused: sites from which the server got something else than the simulator's clients tell it.
        filled: parties of the course's own whose memory was filled until they were ended; ``""`` for the whole run.
        cpu: CPU seconds of the parties with the student's code, as far as they have taken more than a little.
        finished: whether the exercise's workflow came to its end.
        quiet: whether every message that was sent had been handled when the run was stopped.
        unmet: which of the scenario's conditions were not met when the run was stopped, by their place in ``until``.
        course_failed: parties in whose process a part of the course's own failed, each with what was raised. A party
            with the student's code may only say so, and what it sends may cause it at another one.
        full: parties of the course's own whose journal is as long as is read, each with how many entries were: what
            came later is not known, and its absence proves nothing.
        end: why the run was over.
        activity: what parties with the student's code did besides their task, in the sandbox.
    """

    messages: tuple[Message, ...] = ()
    log_lines: tuple[LogLine, ...] = ()
    results: tuple[TaskResult, ...] = ()
    printed: dict[str, str] = field(default_factory=dict)
    loading: dict[str, Loading] = field(default_factory=dict)
    stood_in: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    ready: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    spent: frozenset[str] = frozenset()
    died: frozenset[str] = frozenset()
    to_self: dict[str, int] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    cpu: dict[str, float] = field(default_factory=dict)
    finished: bool = False
    quiet: bool = False
    unmet: tuple[int, ...] = ()
    course_failed: dict[str, str] = field(default_factory=dict)
    full: dict[str, int] = field(default_factory=dict)
    end: End = End.SETTLED
    activity: dict[str, Activity] = field(default_factory=dict)

    @property
    def quit(self) -> frozenset[str]:
        """Return the sites whose process ended by itself; a site that loops still counts as running."""
        return self.ended - self.spent

    @cached_property
    def distinct(self) -> tuple[Message, ...]:
        """Return the messages without those that NVFlare has sent again by itself, which are nobody's doing."""
        return tuple(message for message in self.messages if not message.again)

    def lines_of(self, site: str) -> tuple[LogLine, ...]:
        """Return the log lines of one party."""
        return self._lines_by_site.get(site, ())

    @cached_property
    def _lines_by_site(self) -> dict[str, tuple[LogLine, ...]]:
        found: dict[str, list[LogLine]] = {}
        for line in self.log_lines:
            found.setdefault(line.site, []).append(line)
        return {site: tuple(lines) for site, lines in found.items()}
