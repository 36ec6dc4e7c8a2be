"""One run of a scenario in the simulator, from an empty folder to the moment when there is no more to see."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.simulator import processes, sandbox
from autograder.simulator.folder import RunFolder
from autograder.simulator.job import write_run
from autograder.simulator.journal import Entry, JournalReader
from autograder.simulator.leftovers import run_folder
from autograder.simulator.limits import Limits
from autograder.simulator.pace import factor_of
from autograder.simulator.scenario import SERVER, Scenario

_POLL = 0.02

Watcher = Callable[[RunFolder, list[Entry]], None]
"""Is called every few hundredths of a second with the new entries of the supervisor's and the server's journals."""


class End(StrEnum):
    """Why a run was over."""

    SETTLED = "settled"
    """The exercise's workflow had ended and nothing was on its way any more."""
    NOT_READY = "a site did not get ready"
    STUDENT_ENDED = "a process with the student's code ended"
    PEER_ENDED = "a process of the course ended"
    OVER = "the simulator ended by itself"
    DIED = "the simulator's process died"
    DEADLINE = "the time was up"


@dataclass(frozen=True)
class RunRecord:
    """What is left of a run: valid while its folder exists, which is within `run`.

    Attributes:
        seconds: wall time from the start to the end.
    """

    scenario: Scenario
    folder: RunFolder
    end: End
    seconds: float
    isolation: sandbox.Isolation
    limits: Limits = field(default_factory=Limits)


@contextlib.contextmanager
def run(
    scenario: Scenario,
    *,
    limits: Limits | None = None,
    isolation: sandbox.Isolation | None = None,
    watcher: Watcher | None = None,
) -> Iterator[RunRecord]:
    """Run a scenario and hand out its record; the folder is gone when the context ends.

    However it is left (an exception of the watcher and ``KeyboardInterrupt`` included), no process of the run is alive
    afterwards.

    Raises:
        NoSandbox: when no isolation was named and there is no sandbox.
    """
    limits = limits or Limits()
    isolation = isolation or sandbox.isolation_for_grading()
    with run_folder(_parent_of_runs()) as root:
        folder = RunFolder(root)
        try:
            write_run(scenario, folder, limits)
            started = time.monotonic()
            with processes.supervised(folder, isolation, limits) as process:
                end = _watch(process, scenario, folder, limits, watcher)
            yield RunRecord(scenario, folder, end, time.monotonic() - started, isolation, limits)
        finally:
            folder.close()


def _parent_of_runs() -> str | None:
    """The simulator splits its own command lines at spaces, so a temporary folder with a space is of no use to it."""
    return "/tmp" if " " in tempfile.gettempdir() else None


def _watch(
    process: subprocess.Popen[bytes], scenario: Scenario, folder: RunFolder, limits: Limits, watcher: Watcher | None
) -> End:
    readers = [JournalReader(folder.supervisor_journal), JournalReader(folder.journal(SERVER))]
    clock = _Clock(limits)
    while not clock.is_up:
        alive = process.poll() is None
        entries = [entry for reader in readers for entry in reader.read()]
        if watcher:
            watcher(folder, entries)
        for entry in entries:
            if end := _end_of(entry, scenario):
                return end
            clock.note(entry, scenario)
        if not alive:
            return End.DIED
        time.sleep(_POLL)
    return clock.end


class _Clock:
    """When a run's time is up, which depends on how far it is and on how fast the machine is.

    All of it is measured here: a student's server may say that the exercise begins, and at most once, but not when.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pace = 1.0
        self._started = time.monotonic()
        self._latest = self._started + limits.wall
        self._deadline = self._started + limits.start
        self._begun = False
        self.end = End.DEADLINE

    @property
    def is_up(self) -> bool:
        return time.monotonic() >= min(self._deadline, self._latest)

    def note(self, entry: Entry, scenario: Scenario) -> None:
        now = time.monotonic()
        if entry["kind"] == "begin" and not self._begun:
            self._begun = True
            self._pace = factor_of(now - self._started)
            self._deadline = now + self._limits.exercise * self._pace
        elif entry["kind"] == "client ended" and entry.get("site") in scenario.students:
            self._deadline = min(self._deadline, now + self._limits.grace * self._pace)
            self.end = End.STUDENT_ENDED


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
