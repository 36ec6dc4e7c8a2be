"""A run of a scenario in the simulator, from an empty folder to the moment when there is no more to see."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.simulator.folder import RunFolder
from autograder.simulator.job import write_run
from autograder.simulator.journal import Entry, JournalReader
from autograder.simulator.limits import Limits
from autograder.simulator.parties.loading import loading_took, of_journal
from autograder.simulator.processes.sandboxed import ActiveRun
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import SERVER, Scenario
from autograder.simulator.series import RunSeries
from autograder.simulator.time_scale import factor_of

_POLL = 0.02
_SITES_AFTER_SERVER = 4.0
"""The time until sites are ready, as a multiple of the time until the course's server is up, on any machine."""

Watcher = Callable[[RunFolder, list[Entry]], None]
"""Is called every few hundredths of a second with the new entries of the supervisor's and the server's journals."""


class End(StrEnum):
    """The reason why a run ended."""

    SETTLED = "settled"
    """The exercise's workflow had ended and nothing was on its way any more."""
    NOT_READY = "a site did not get ready"
    STUDENT_ENDED = "a process with the student's code ended"
    PEER_ENDED = "a process of the course ended"
    OVER = "the simulator ended by itself"
    DIED = "the simulator's process died"
    DEADLINE = "the time was up"


_IN_DOUBT = frozenset({End.NOT_READY, End.PEER_ENDED, End.DIED})
"""Ends that can mean that something is wrong with the sandbox."""


@dataclass(frozen=True)
class RunRecord:
    """The record of a run: valid while its folder exists, which is within `run`.

    Attributes:
        seconds: wall time from the start to the end.
        played: of these, what the parties took from their launch on, as it would have been on an idle machine.
        said: the last that the supervisor or the sandbox printed, for whoever wants to know why a run broke.
    """

    scenario: Scenario
    folder: RunFolder
    end: End
    seconds: float
    played: float
    isolation: Isolation
    limits: Limits = field(default_factory=Limits)
    said: str = ""


@contextlib.contextmanager
def run(
    scenario: Scenario,
    *,
    limits: Limits | None = None,
    isolation: Isolation | None = None,
    watcher: Watcher | None = None,
    series: RunSeries | None = None,
) -> Iterator[RunRecord]:
    """Run a scenario and hand out its record; the folder is gone when the context ends.

    However it is left (an exception of the watcher and ``KeyboardInterrupt`` included), no process of the run is alive
    afterwards.

    Args:
        isolation: for a run that is no part of a series: see `RunSeries`.
        series: whose sandbox to use, and whose isolation.

    Raises:
        NoSandbox: when no isolation was named and there is no sandbox.
    """
    limits = limits or Limits()
    with contextlib.ExitStack() as context:
        series = series or context.enter_context(RunSeries(isolation))
        folder = context.enter_context(series.folder())
        write_run(scenario, folder, limits)
        started = time.monotonic()
        with series.play(folder, limits) as playing:
            clock = _Clock(limits, folder, scenario, series)
            end = _watch(playing, scenario, folder, clock, watcher)
            played = clock.played
        if end in _IN_DOUBT:
            series.doubt()
        seconds = time.monotonic() - started
        yield RunRecord(scenario, folder, end, seconds, played, series.isolation, limits, series.said(folder))


def _watch(playing: ActiveRun, scenario: Scenario, folder: RunFolder, clock: "_Clock", watcher: Watcher | None) -> End:
    readers = [JournalReader(folder.supervisor_journal), JournalReader(folder.journal(SERVER))]
    while True:
        is_up = clock.is_up  # before what has come is read, so that nothing is overlooked
        alive = playing.is_alive()
        entries = [entry for reader in readers for entry in reader.read()]
        if watcher:
            watcher(folder, entries)
        for entry in entries:
            if end := _end_of(entry, scenario):
                return end
            clock.note(entry)
        if not alive:
            return End.DIED
        if is_up:
            return clock.end
        time.sleep(_POLL)


class _Clock:
    """The clock of a run, whose time depends on how far it is and on how fast the machine is.

    All of it is measured here: a student's server may say that the exercise begins, and at most once, but not when.
    What the loading of a student's code takes makes no limit longer. Nor does anything else that it delays: how fast
    the machine is can be seen at the course's own server, of this run or of an earlier one of the series.

    Args:
        series: is told how long the start of a run takes here.
    """

    def __init__(self, limits: Limits, folder: RunFolder, scenario: Scenario, series: RunSeries) -> None:
        self._limits = limits
        self._folder = folder
        self._students = scenario.students
        self._sites = scenario.students & scenario.executors.keys()
        self._ended: set[str] = set()
        self._is_server_up = False
        self._time_scale = 1.0
        started = time.monotonic()
        self._latest = started + limits.wall
        self._deadline = started + limits.start
        self._launched = started
        self._begun = False
        self._series = series
        self.end = End.DEADLINE

    @property
    def is_up(self) -> bool:
        return time.monotonic() >= min(self._deadline, self._latest) or self.played >= self._limits.budget

    @property
    def played(self) -> float:
        """Return the seconds since the launch, as they would have been on an idle machine."""
        return (time.monotonic() - self._launched) / self._time_scale

    def note(self, entry: Entry) -> None:
        now = time.monotonic()
        if entry["kind"] == "launched":
            self._launched = now
        elif entry["kind"] == "server up" and SERVER not in self._students:
            self._is_server_up = True
            self._series.longest_start = _SITES_AFTER_SERVER * (now - self._launched)
        elif entry["kind"] == "begin" and not self._begun:
            self._begun = True
            took = now - self._launched - self._loading_took()
            self._time_scale = factor_of(min(took, self._series.longest_start))
            self._deadline = now + self._limits.exercise * self._time_scale
        elif entry["kind"] == "client ended" and entry.get("site") in self._students:
            self._ended.add(entry["site"])
            self._deadline = min(self._deadline, now + self._limits.grace * self._time_scale)
            self.end = End.STUDENT_ENDED
        if self._is_server_up and self._ended >= self._sites and self._nobody_could_be_loaded():
            self._deadline = now

    def _nobody_could_be_loaded(self) -> bool:
        """Return whether the student's sites have ended before they could send anything."""
        journals = (JournalReader(self._folder.journal(site)).read() for site in self._sites)
        return bool(self._sites) and all(of_journal(entries).state == "failed" for entries in journals)

    def _loading_took(self) -> float:
        """Return the longest time that one of the student's parties reports for loading its code."""
        return max((loading_took(JournalReader(self._folder.journal(one)).read()) for one in self._students), default=0)


def _end_of(entry: Entry, scenario: Scenario) -> End | None:
    kind = entry["kind"]
    if kind == "settled":
        return End.SETTLED
    if kind == "not ready":
        return End.NOT_READY
    if kind == "server ended":
        return End.OVER if entry.get("status") == 0 else End.DIED
    if kind == "client ended" and entry.get("site") not in scenario.students:
        return End.PEER_ENDED
    return None
