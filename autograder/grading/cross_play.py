"""Judging one exercise of a student's in cross-play with the course's reference peers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from autograder.grading.judge import judge, unjudged
from autograder.grading.key import exercise_key
from autograder.grading.module_part import BrokenModule, ModulePart
from autograder.grading.play import Play, play
from autograder.grading.reference import Reference
from autograder.report.model import ExerciseReport, Report, Verdict
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.conditions import Conditions
from autograder.simulator.run import Watcher
from autograder.simulator.scenario import Part
from autograder.submission.model import Cell

_PEERS = "peers"


class Results(Protocol):
    """Where results of exercises are kept by content, such as `autograder.grading.store.Store`."""

    def get(self, key: str) -> Report | None:
        """The report with this key, or None."""

    def put(self, report: Report) -> None:
        """Keep a report under its key."""


@dataclass(frozen=True)
class CrossPlay:
    """What a grading's exercises have in common.

    Attributes:
        rubric_version: of the course's own parts, for the keys under which results are kept.
        results: where results are kept; None when every exercise is to be played.
    """

    assignment: Assignment
    reference: Reference
    rubric_version: str
    seed: int
    conditions: Conditions
    watcher: Watcher | None = None
    results: Results | None = None

    def judge(self, exercise: Exercise, cells: Sequence[Cell], notes: Sequence[str] = ()) -> ExerciseReport:
        """The report of an exercise. The same module is played once only, if results are kept."""
        try:
            module = ModulePart.of([*self.reference.given, *cells], self.assignment.classes_for(exercise))
        except BrokenModule as error:
            return unjudged(exercise, Verdict.NOT_PASSED, str(error), error.hint, notes=notes)
        key = exercise_key(exercise, module, self.rubric_version)
        kept = self.results.get(key) if self.results else None
        if kept:
            return replace(kept.exercises[0], notes=tuple(notes))
        report = judge(exercise, self._plays(exercise, module), notes)
        if self.results and report.verdict is not Verdict.INFRASTRUCTURE:
            self.results.put(Report(self.assignment.name, key, report.verdict, (report,)))
        return report

    def _plays(self, exercise: Exercise, module: ModulePart) -> list[Play]:
        cast = Cast(module.part, self._peer, random.Random(f"{self.seed}/{exercise.name}"), self.seed)
        plays: list[Play] = []
        for scenario in exercise.cross_play(cast):
            plays.append(
                play(
                    scenario,
                    module.locate,
                    isolation=self.conditions.isolation,
                    limits=self.conditions.limits,
                    watcher=self.watcher,
                )
            )
            if plays[-1].trouble:
                break
        return plays

    def _peer(self, class_name: str, arguments: dict[str, Any]) -> Part:
        return Part(_PEERS, class_name, {_PEERS: self.reference.peers}, arguments)
