"""Judging one exercise of a student's in the scenarios for grading."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from autograder.grading.attempts import RunOutcome
from autograder.grading.budget import Budget
from autograder.grading.cache_key import exercise_key
from autograder.grading.judge import judge, unjudged
from autograder.grading.notebook_program import part_for
from autograder.grading.reference import Reference
from autograder.grading.run_cache import RunStore
from autograder.grading.scenario_runner import ScenarioRunner
from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.report.model import ExerciseReport, Report, Verdict
from autograder.rubric.model import Assignment, Exercise, Hint
from autograder.simulator.run import Watcher
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.series import RunSeries
from autograder.submission.model import Cell

_SPENT = "this exercise was not run: the runs of the exercises before it took all of the time that there is"


class Results(Protocol):
    """A store of exercises' results by content, such as `autograder.grading.store.Store`."""

    def get(self, key: str) -> Report | None:
        """Return the report with this key, or None."""

    def put(self, report: Report) -> None:
        """Keep a report under its key."""


@dataclass(frozen=True)
class CrossPlay:
    """The things that a grading's exercises share.

    Attributes:
        rubric_version: of the course's own parts, for the keys under which results are kept.
        budget: what they may take together.
        series: the runs of this grading, which share a sandbox.
        results: where results are kept; None when every exercise is to be played.
        runs: where runs are kept, which another rubric can judge; None when nothing is to be kept of them.
    """

    assignment: Assignment
    reference: Reference
    rubric_version: str
    seed: int
    settings: RunSettings
    series: RunSeries
    budget: Budget
    watcher: Watcher | None = None
    results: Results | None = None
    runs: RunStore | None = None

    def judge(
        self, exercise: Exercise, cells: Sequence[Cell], stand_ins: Sequence[str] = (), notes: Sequence[str] = ()
    ) -> ExerciseReport:
        """Return the report of an exercise. If results are kept, the same program runs once only.

        Args:
            stand_ins: earlier exercises in whose place a stand-in comes.
        """
        try:
            student = part_for(exercise, cells, self.assignment, self.reference.given, stand_ins)
        except NoSuchClass as error:
            return unjudged(exercise, Verdict.NOT_PASSED, str(error), error.hint, notes=notes)
        key = exercise_key(exercise, student, self.rubric_version, self.settings)
        if self.results and (kept := self.results.get(key)):
            return replace(kept.exercises[0], notes=(*notes, *kept.exercises[0].notes))
        if self.budget.is_spent:
            return unjudged(exercise, Verdict.NOT_PASSED, _SPENT, Hint("exercise.no_time_left"), notes=notes)
        report = judge(exercise, self._plays(exercise, student), student)
        if self.results and report.verdict is not Verdict.INFRASTRUCTURE:
            self.results.put(Report(self.assignment.name, key, report.verdict, (report,)))
        return replace(report, notes=(*notes, *report.notes))

    def _plays(self, exercise: Exercise, student: StudentPart) -> list[RunOutcome]:
        plays: list[RunOutcome] = []
        player = ScenarioRunner(
            exercise.name,
            student,
            self.reference,
            self.seed,
            self.settings,
            self.series,
            self.budget,
            self.watcher,
            self.runs,
        )
        for scenario in exercise.cross_play(player.cast):
            plays.append(player.play(scenario))
            if plays[-1].trouble:
                break
        player.keep()
        return plays
