"""Playing a student's program for an exercise, from memory as far as it has been played before."""

import random
from typing import Any

from autograder.grading.attempts import RunOutcome, RunResult, play
from autograder.grading.budget import Budget
from autograder.grading.cache_key import runs_key, scenario_key
from autograder.grading.reference import Reference
from autograder.grading.run_cache import KeptRuns, RunStore
from autograder.grading.student_part import StudentPart
from autograder.rubric.model import Cast
from autograder.simulator.run import Watcher
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.scenario import Part, Scenario
from autograder.simulator.series import RunSeries

_PEERS = "peers"
_MOST_SCENARIOS = 12
"""Scenarios of one program for one exercise that are kept: those of a rubric, and of a few before it."""


class ScenarioRunner:
    """Plays scenarios of an exercise. What was seen of the same scenario before is taken instead of a run.

    Scenarios differ with the seed, so the first seed that was drawn for a program stays with it. That gives nothing
    away: it is the same code that is judged, and another code has another seed.
    """

    def __init__(
        self,
        exercise: str,
        student: StudentPart,
        reference: Reference,
        seed: int,
        settings: RunSettings,
        series: RunSeries,
        budget: Budget,
        watcher: Watcher | None,
        runs: RunStore | None,
    ) -> None:
        """Make a runner that has not played yet.

        Args:
            exercise: whose scenarios these will be.
            seed: for when this program was not played for that exercise before.
            runs: where runs are kept; None when nothing is to be kept, or known, of them.
        """
        self._student = student
        self._reference = reference
        self._settings = settings
        self._series = series
        self._budget = budget
        self._watcher = watcher
        self._runs = runs
        self._key = runs_key(exercise, student)
        self._known = (runs.get(self._key) if runs else None) or KeptRuns(seed)
        self._seen: dict[str, RunResult] = {}
        self._random = random.Random(f"{self._known.seed}/{exercise}")

    @property
    def cast(self) -> Cast:
        """Return who can play in the scenarios."""
        return Cast(self._student.part, self._peer, self._random, self._known.seed)

    def play(self, scenario: Scenario) -> RunOutcome:
        """Play a scenario: see `autograder.grading.attempts.play`."""
        key = scenario_key(scenario, self._settings)
        played = play(
            scenario,
            self._student.locate,
            series=self._series,
            budget=self._budget,
            limits=self._settings.limits,
            watcher=self._watcher,
            before=self._known.seen.get(key),
        )
        if not played.trouble:
            self._seen[key] = played.seen
        return played

    def keep(self) -> None:
        """Keep what was seen, if any of it is new.

        Raises:
            OSError: when it cannot be written.
        """
        if self._runs and not self._seen.items() <= self._known.seen.items():
            last = list((self._known.seen | self._seen).items())[-_MOST_SCENARIOS:]
            self._runs.put(self._key, KeptRuns(self._known.seed, dict(last)))

    def _peer(self, class_name: str, arguments: dict[str, Any]) -> Part:
        return Part(_PEERS, class_name, {_PEERS: self._reference.peers}, arguments)
