"""Judging one exercise of a student's in cross-play with the course's reference peers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from autograder.grading.judge import judge, unjudged
from autograder.grading.kept_runs import RunStore
from autograder.grading.key import exercise_key
from autograder.grading.module_part import BrokenModule, ModulePart
from autograder.grading.play import Play
from autograder.grading.player import Player
from autograder.grading.reference import Reference
from autograder.report.model import ExerciseReport, Report, RunSummary, Verdict
from autograder.rubric.model import Assignment, Exercise, Played
from autograder.simulator.conditions import Conditions
from autograder.simulator.run import Watcher
from autograder.submission.model import Cell

_TOGETHER = "together"


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
        runs: where runs are kept, which another rubric can judge; None when nothing is to be kept of them.
    """

    assignment: Assignment
    reference: Reference
    rubric_version: str
    seed: int
    conditions: Conditions
    watcher: Watcher | None = None
    results: Results | None = None
    runs: RunStore | None = None

    def judge(self, exercise: Exercise, cells: Sequence[Cell], notes: Sequence[str] = ()) -> ExerciseReport:
        """The report of an exercise, played by itself. The same module is played once only, if results are kept."""
        try:
            module = self._module(exercise, cells)
        except BrokenModule as error:
            return unjudged(exercise, Verdict.NOT_PASSED, str(error), error.hint, notes=notes)
        if kept := self._kept(exercise, module):
            return replace(kept.exercises[0], notes=tuple(notes))
        report = judge(exercise, self._plays(exercise, module), notes)
        self._keep(exercise, module, report)
        return report

    def judge_seen(self, exercise: Exercise, cells: Sequence[Cell], seen: Play) -> ExerciseReport | None:
        """The report of an exercise on what was seen of it in a run of several; None unless it passes."""
        module = self._module(exercise, cells)
        report = judge(exercise, self._plays(exercise, module, seen))
        if report.verdict is not Verdict.PASSED:
            return None
        together, *more = report.runs
        report = replace(report, runs=(_of_it_alone(together), *more))
        if not seen.flags:  # one may be about another exercise, which others who share this one have not
            self._keep(exercise, module, report)
        return report

    def together(self, cells: Sequence[Cell]) -> dict[str, Play]:
        """What is seen of each exercise in one run of several. Empty where that would save nothing, or went wrong."""
        if self.assignment.together is None or self._not_kept(cells) < 2:
            return {}
        try:
            module = ModulePart.of([*self.reference.given, *cells], self.assignment.classes)
        except BrokenModule:
            return {}
        player = self._player(_TOGETHER, module)
        made = self.assignment.together(player.cast)
        whole = player.play(made.scenario, once=True)
        player.keep()
        if whole.trouble or not whole.played.evidence.quiet:
            return {}
        found = {}
        for number, (exercise, view) in enumerate(made.views.items()):
            scenario, evidence = view(whole.played.evidence)
            flags = () if number else whole.flags  # they are about the run, so they are told once
            found[exercise] = replace(whole, played=Played(scenario, evidence, module.locate), flags=flags)
        return found

    def _not_kept(self, cells: Sequence[Cell]) -> int:
        """How many exercises would have to be played. None, if one of them has no module: it is no whole then."""
        count = 0
        for exercise in self.assignment.exercises:
            by_itself = self.reference.in_place_of(exercise.needs, cells)
            try:
                modules = [self._module(exercise, cells), self._module(exercise, by_itself)]
            except BrokenModule:
                return 0
            count += not any(self._kept(exercise, module) for module in modules)
        return count

    def _kept(self, exercise: Exercise, module: ModulePart) -> Report | None:
        return self.results.get(exercise_key(exercise, module, self.rubric_version)) if self.results else None

    def _keep(self, exercise: Exercise, module: ModulePart, report: ExerciseReport) -> None:
        if self.results and report.verdict is not Verdict.INFRASTRUCTURE:
            key = exercise_key(exercise, module, self.rubric_version)
            self.results.put(Report(self.assignment.name, key, report.verdict, (report,)))

    def _module(self, exercise: Exercise, cells: Sequence[Cell]) -> ModulePart:
        return ModulePart.of([*self.reference.given, *cells], self.assignment.classes_for(exercise))

    def _plays(self, exercise: Exercise, module: ModulePart, seen: Play | None = None) -> list[Play]:
        plays = [seen] if seen else []
        player = self._player(exercise.name, module)
        for scenario in exercise.cross_play(player.cast)[len(plays) :]:
            if plays and plays[-1].trouble:
                break
            plays.append(player.play(scenario))
        player.keep()
        return plays

    def _player(self, roles: str, module: ModulePart) -> Player:
        return Player(roles, module, self.reference, self.seed, self.conditions, self.watcher, self.runs)


def _of_it_alone(run: RunSummary) -> RunSummary:
    """What is shown of a run of several exercises for one of them: of the log, what was logged of its own messages.

    The other lines may be of the other exercises. The report is kept, and shown to others who share this one only.
    """
    logged = {(one.receiver, one.logged) for one in run.deliveries if one.logged}
    own = (line for line in run.log_lines if _said(line) in logged)
    return replace(run, log_lines=tuple(own))


def _said(line: str) -> tuple[str, str]:
    """The party and the text of a log line, as ``lines_that_matter`` writes it."""
    site, _, rest = line.partition(": ")
    return site, rest.partition(": ")[2]
