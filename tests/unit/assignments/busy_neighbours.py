"""Answers to exercise 3 of ``average_consensus`` on a machine that may hold up anything, as the witness sees them."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from autograder.assignments.average_consensus.protocol import Consensus
from autograder.evidence.model import Evidence, LogLine, Message, TaskResult
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Scenario

TOPIC = "send_value"
_BEGIN = 100.0
_Stalls = Sequence[tuple[float, float]]
"""Each with its begin and its end, in seconds after the begin of a run."""


@dataclass(frozen=True)
class Way:
    """How an answer waits.

    Attributes:
        for_replies: whether it waits for the replies to what it sends, for as long as its patience.
        polls: seconds between its looks at what has come; 0 for one that is woken up.
        patience: how long it waits for values, as a part of what it was told: 1 is right.
        after_send: whether that time begins when the replies are there, which is a mistake.
    """

    for_replies: bool = True
    polls: float = 0.0
    patience: float = 1.0
    after_send: bool = False


@dataclass(frozen=True)
class Machine:
    """A machine that holds up things.

    Attributes:
        delay: draws by how many seconds a step is held up.
        stalls: when nothing at all goes on.
        stalls_of: when nothing goes on at one site.
    """

    delay: Callable[[], float] = lambda: 0.001
    stalls: _Stalls = ()
    stalls_of: Mapping[str, _Stalls] = field(default_factory=dict)

    def at(self, party: str, now: float) -> float:
        """Return when a party does what it could do now."""
        now += self.delay()
        for begin, end in sorted([*self.stalls, *self.stalls_of.get(party, ())]):
            if _BEGIN + begin <= now < _BEGIN + end:
                now = _BEGIN + end
        return now


@dataclass
class _Site:
    name: str
    left: list[str]
    came: set[tuple[str, int]] = field(default_factory=set)
    replied: set[str] = field(default_factory=set)
    iteration: int = -1
    deadline: float = 0.0
    gives_up: float = 0.0
    last_seen: float = 0.0
    woken: bool = False
    over: int = -1


class Run:
    """A run in which every site waits in the same way, event by event."""

    def __init__(self, scenario: Scenario, way: Way, machine: Machine) -> None:
        self._scenario, self._way, self._machine = scenario, way, machine
        self._consensus = Consensus.of(scenario)
        self._sites = {name: _Site(name, list(others)) for name, others in self._consensus.weights.items()}
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = count()
        self._messages: list[Message] = []
        self._lines: list[LogLine] = []
        self._results: list[TaskResult] = []

    def evidence(self) -> Evidence:
        """Play it, and return what is seen of it."""
        for site in self._sites.values():
            self._results.append(TaskResult(site.name, "config", "OK", _BEGIN))
            self._soon(site.name, _BEGIN, partial(self._begin, site))
        while self._events:
            now, _, do = heapq.heappop(self._events)
            do(now)
        for begin, end in self._machine.stalls:
            text = f"held up: {_BEGIN + begin:.3f} {_BEGIN + end:.3f}"
            self._lines.append(LogLine("server", "", "TaskSeries", "parties.TaskSeries", "INFO", "", text))
        messages = tuple(sorted(self._messages, key=lambda one: one.at))
        return Evidence(messages=messages, log_lines=tuple(self._lines), results=tuple(self._results), finished=True)

    def _soon(self, party: str, now: float, do: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (self._machine.at(party, now), next(self._order), do))

    def _begin(self, site: _Site, now: float) -> None:
        site.iteration += 1
        if site.iteration == self._consensus.iterations:
            site.over = site.iteration
            self._results.append(TaskResult(site.name, "run_algorithm", "OK", self._machine.at("server", now), _BEGIN))
            return
        if not site.left:
            site.over = site.iteration
            self._begin(site, now)
            return
        site.gives_up, site.deadline = now + self._consensus.patience, now + self._way.patience * self._patience
        site.replied, site.woken = set(), False
        for other in site.left:
            self._send(site, other, now)
        self._look(site, now, self._ending(site))

    @property
    def _patience(self) -> float:
        return self._consensus.patience

    def _send(self, site: _Site, other: str, now: float) -> None:
        iteration = site.iteration
        site.last_seen = seen = max(self._machine.at("server", self._machine.at(site.name, now)), site.last_seen)
        fate = self._scenario.faults.fate(site.name, other, TOPIC, iteration + 1)
        dead = other == self._consensus.mortal and iteration >= self._consensus.silent[other]
        unanswered = dead or not fate.arrivals or fate.reply_is_lost
        self._messages.append(
            Message(
                0,
                site.name,
                other,
                TOPIC,
                Content("WEIGHTS", {"value": 0.0, "iteration": iteration}),
                fate=fate.faults,
                at=seen,
                gave_up_after=self._patience if unanswered and self._way.for_replies else 0.0,
            )
        )
        if fate.arrivals and not dead:
            self._soon(other, seen, lambda now: self._arrive(site, other, iteration, now, not unanswered))

    def _arrive(self, site: _Site, other: str, iteration: int, now: float, answers: bool) -> None:
        receiver = self._sites[other]
        receiver.came.add((site.name, iteration))
        self._wake(receiver, now)
        if answers:
            self._soon(site.name, now, lambda now: self._reply(site, other, iteration, now))

    def _reply(self, site: _Site, other: str, iteration: int, now: float) -> None:
        if iteration == site.iteration:
            site.replied.add(other)
            self._wake(site, now)

    def _wake(self, site: _Site, now: float) -> None:
        is_over = site.iteration == site.over
        if not is_over and self._is_done(site, now) and not self._way.polls and not site.woken:
            site.woken = True
            self._look(site, now, now)

    def _look(self, site: _Site, now: float, at: float) -> None:
        iteration = site.iteration
        at = min(at, now + self._way.polls) if self._way.polls else at
        self._soon(site.name, at, lambda now: self._on(site, iteration, now))

    def _ending(self, site: _Site) -> float:
        """Return when the site stops waiting, as far as it is known by now."""
        if site.name == self._consensus.mortal:
            return site.deadline + 60.0
        if self._way.after_send and not site.replied >= set(site.left):
            return site.gives_up + self._way.patience * self._patience
        return site.deadline

    def _is_done(self, site: _Site, now: float) -> bool:
        has_replies = not self._way.for_replies or site.replied >= set(site.left) or now >= site.gives_up
        return has_replies and all((name, site.iteration) in site.came for name in site.left)

    def _on(self, site: _Site, iteration: int, now: float) -> None:
        """Go on with the next iteration, if it is time, or look again."""
        if iteration != site.iteration or iteration == site.over:
            return
        site.woken = False
        if not self._is_done(site, now) and now < self._ending(site):
            self._look(site, now, self._ending(site))
            return
        if site.name == self._consensus.mortal and iteration >= self._consensus.silent[site.name]:
            return
        site.over = iteration
        for name in [name for name in site.left if (name, iteration) not in site.came]:
            site.left.remove(name)
            text = f"Lost {name} at iteration {iteration}"
            self._lines.append(LogLine(site.name, "", "Robust", "submission.Robust", "INFO", "", text))
        self._soon(site.name, now, lambda now: self._begin(site, now))
