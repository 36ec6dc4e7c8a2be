"""Telling how a run goes on, while it goes on.

What the parties of a run have to tell may be a student's claim. So it is only shown, and of what is claimed, only the
parties that take part are looked at.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.evidence.logs import parse_line
from autograder.evidence.model import LogLine
from autograder.rubric.deliveries import matters
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Entry
from autograder.simulator.limits import Limits
from autograder.simulator.network import content
from autograder.simulator.network.content import summary
from autograder.simulator.run import Watcher
from autograder.simulator.scenario import SERVER, Scenario
from autograder.simulator.time_scale import factor_of

_BYTES_AT_ONCE = 1 << 20
_LATEST = 6
_MOST_TOPICS = 12
_MOST_UNANSWERED = 1000


class Step(StrEnum):
    """The steps of a run in words, in this order."""

    STARTING = "starting the simulator"
    COMING_UP = "the parties come up"
    AT_WORK = "the exercise runs"
    SETTLING = "waiting until all is quiet"
    LOOKING = "looking at the evidence"


class PartyState(StrEnum):
    """The progress of a party."""

    STARTING = "starting"
    READY = "ready"
    FINISHED = "finished"
    ENDED = "ended"
    """Its process is gone before the run was over."""


@dataclass
class Passed:
    """A message that passed the witness, and the reply to it as soon as there is one."""

    sender: str
    receiver: str
    topic: str
    said: str
    reply: str | None = None


@dataclass(frozen=True)
class Progress:
    """The progress of a run.

    Attributes:
        step: what it is doing.
        seconds: since its start.
        latest_end: seconds after its start at which it is ended, as far as is known by now.
        new_lines: log lines that matter and were not told before.
        parties: each party, and how far it is.
        topics: how many messages have passed the witness so far, by topic.
        latest: the last few messages, the newest last.
        attempt: the number of the run, from 1; a run that broke is repeated.
    """

    step: Step = Step.STARTING
    seconds: float = 0.0
    latest_end: float = 0.0
    new_lines: Sequence[LogLine] = ()
    parties: dict[str, PartyState] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)
    latest: Sequence[Passed] = ()
    attempt: int = 1

    @property
    def messages(self) -> int:
        """Return how many messages have passed the witness so far."""
        return sum(self.topics.values())


class ProgressTeller:
    """A watcher of a run that calls ``tell`` whenever there is something new, and at least every ``pulse`` seconds."""

    def __init__(
        self, scenario: Scenario, tell: Callable[[Progress], None], limits: Limits | None = None, pulse: float = 0.25
    ) -> None:
        self._scenario = scenario
        self._tell = tell
        self._limits = limits or Limits()
        self._pulse = pulse
        self._folder: RunFolder | None = None
        self._attempt = 0
        self._run = _Run(scenario, self._limits)

    @property
    def watcher(self) -> Watcher:
        """Return the watcher that `autograder.simulator.run.run` takes."""
        return self._look

    def _look(self, folder: RunFolder, entries: list[Entry]) -> None:
        if folder is not self._folder:  # the first run, or one more after a run that broke
            self._folder = folder
            self._attempt += 1
            self._run = _Run(self._scenario, self._limits)
        for entry in entries:
            self._run.note(entry)
        if entries or self._run.untold_for() >= self._pulse:
            self._tell(self._run.progress(folder, self._attempt))


class _Run:
    """The knowledge of one run so far."""

    def __init__(self, scenario: Scenario, limits: Limits) -> None:
        self._started = self._launched = time.monotonic()
        self._told = float("-inf")
        self._limits = limits
        self._latest_end = limits.start
        self._step = Step.STARTING
        self._begun = False
        self._parties = dict.fromkeys((SERVER, *scenario.executors), PartyState.STARTING)
        self._tails = dict.fromkeys(self._parties, 0)
        self._topics: Counter[str] = Counter()
        self._latest: deque[Passed] = deque(maxlen=_LATEST)
        self._unanswered: dict[str, Passed] = {}

    def untold_for(self) -> float:
        """Return the seconds since the last progress was made."""
        return time.monotonic() - self._told

    def progress(self, folder: RunFolder, attempt: int) -> Progress:
        """Return how far the run is now."""
        self._told = time.monotonic()
        lines = [line for party in self._tails for line in self._new_lines(folder, party)]
        seconds = self._told - self._started
        latest = tuple(self._latest)
        topics = dict(self._topics)
        return Progress(self._step, seconds, self._latest_end, lines, dict(self._parties), topics, latest, attempt)

    def note(self, entry: Entry) -> None:
        """Take note of what a party or the supervisor has to tell."""
        match entry["kind"]:
            case "launched":
                self._launched = time.monotonic()
                self._step = Step.COMING_UP
            case "server up":
                self._step = Step.COMING_UP
                self._reached(SERVER, PartyState.READY)
            case "ready":
                self._reached(entry.get("site"), PartyState.READY)
            case "begin":
                self._begin()
            case "request":
                self._passed(entry)
            case "reply":
                self._answered(entry)
            case "result":
                self._reached(entry.get("site"), PartyState.FINISHED)
            case "finished":
                self._step = Step.SETTLING
                self._reached(SERVER, PartyState.FINISHED)
            case "client ended" | "server ended":
                self._reached(entry.get("site"), PartyState.ENDED)
            case "settled" | "not ready":
                self._step = Step.LOOKING

    def _reached(self, party: object, state: PartyState) -> None:
        if isinstance(party, str) and party in self._parties and self._parties[party] is not PartyState.ENDED:
            self._parties[party] = state

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        self._step = Step.AT_WORK
        now = time.monotonic()
        self._latest_end = now - self._started + self._limits.exercise * factor_of(now - self._launched)

    def _passed(self, entry: Entry) -> None:
        said = summary(content.read(entry.get("content")))
        sender, receiver, topic = (str(entry.get(key)) for key in ("sender", "receiver", "topic"))
        message = Passed(sender, receiver, topic, said)
        if self._step is Step.COMING_UP:  # without a start barrier nobody says when it begins
            self._step = Step.AT_WORK
        if self._parties.get(sender) is PartyState.STARTING:
            self._reached(sender, PartyState.READY)
        known = topic in self._topics or len(self._topics) < _MOST_TOPICS
        self._topics[topic if known else "…"] += 1
        self._latest.append(message)
        if len(self._unanswered) < _MOST_UNANSWERED and (number := entry.get("id")):
            self._unanswered[str(number)] = message

    def _answered(self, entry: Entry) -> None:
        if message := self._unanswered.pop(str(entry.get("id")), None):
            message.reply = str(entry.get("return_code") or "no Shareable")

    def _new_lines(self, folder: RunFolder, party: str) -> list[LogLine]:
        try:
            text = folder.read_log(party, _BYTES_AT_ONCE, self._tails[party])
        except OSError:
            return []
        whole = text[: text.rfind("\n") + 1]
        self._tails[party] += len(whole.encode())
        lines = (parse_line(raw, party) for raw in whole.split("\n"))
        return [line for line in lines if line and matters(line)]
