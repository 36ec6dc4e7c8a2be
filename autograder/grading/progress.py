"""Telling how a run goes on, while it goes on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.evidence.logs import parse_line
from autograder.evidence.model import LogLine
from autograder.rubric.deliveries import matters
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Entry
from autograder.simulator.run import Watcher
from autograder.simulator.scenario import SERVER, Scenario

_BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        step: what it is doing, in words.
        seconds: since its start.
        new_lines: log lines that matter and were not told before.
        messages: how many messages have passed the witness so far.
    """

    step: str
    seconds: float
    new_lines: Sequence[LogLine]
    messages: int


class ProgressTeller:
    """A watcher of a run that calls ``tell`` whenever there is something new, and at least every ``pulse`` seconds."""

    def __init__(self, scenario: Scenario, tell: Callable[[Progress], None], pulse: float = 0.25) -> None:
        self._tell = tell
        self._pulse = pulse
        self._sites = len(scenario.executors)
        self._tails = dict.fromkeys((SERVER, *scenario.executors), 0)
        self._started = time.monotonic()
        self._told = 0.0
        self._step = "starting the simulator"
        self._ready = 0
        self._messages = 0

    @property
    def watcher(self) -> Watcher:
        """What `autograder.simulator.run.run` takes."""
        return self._look

    def _look(self, folder: RunFolder, entries: list[Entry]) -> None:
        for entry in entries:
            self._note(entry)
        now = time.monotonic()
        if not entries and self._told and now - self._told < self._pulse:
            return
        self._told = now
        lines = [line for party in self._tails for line in self._new_lines(folder, party)]
        self._tell(Progress(self._step, now - self._started, lines, self._messages))

    def _note(self, entry: Entry) -> None:
        kind = entry["kind"]
        if kind == "server up":
            self._step = "the server is up, the sites are starting"
        elif kind == "ready":
            self._ready += 1
            self._step = f"{self._ready} of {self._sites} sites are ready"
        elif kind == "begin":
            self._step = "the sites are at work"
        elif kind == "request":
            self._messages += 1
        elif kind == "finished":
            self._step = "waiting for the last messages"
        elif kind == "settled":
            self._step = "done"

    def _new_lines(self, folder: RunFolder, party: str) -> list[LogLine]:
        try:
            text = folder.read_log(party, _BYTES_AT_ONCE, self._tails[party])
        except OSError:
            return []
        whole = text[: text.rfind("\n") + 1]
        self._tails[party] += len(whole.encode())
        lines = (parse_line(raw, party) for raw in whole.split("\n"))
        return [line for line in lines if line and matters(line)]
