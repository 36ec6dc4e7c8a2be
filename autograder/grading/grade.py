"""Grading a submission: a pure function of its cells, the assignment, the course's parts and a seed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import autograder
from autograder.course import Course
from autograder.grading.budget import Budget
from autograder.grading.cache_key import nvflare_version, rubric_version
from autograder.grading.cross_play import CrossPlay, Results
from autograder.grading.judge import unjudged
from autograder.grading.merits import on_its_merits
from autograder.grading.notebook_program import below_its_check, is_untouched
from autograder.grading.reference import Reference
from autograder.grading.run_cache import RunStore
from autograder.report.model import ExerciseReport, Flag, NotebookProblem, Report, Verdict
from autograder.report.places import Place
from autograder.rubric.catalogue import words_of
from autograder.rubric.model import Assignment, Exercise, Hint
from autograder.simulator.run import Watcher
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import level
from autograder.simulator.sandbox_pool import SandboxPool
from autograder.simulator.series import RunSeries
from autograder.submission.model import Submission


def grade_submission(
    submission: Submission,
    assignment: Assignment,
    course: Course,
    *,
    key: str = "",
    seed: int | None = None,
    settings: RunSettings | None = None,
    watcher: Watcher | None = None,
    results: Results | None = None,
    runs: RunStore | None = None,
    budget: Budget | None = None,
    sandboxes: SandboxPool | None = None,
) -> Report:
    """Grade a submission in cross-play with the course's reference peers.

    Args:
        key: the submission's content key, for the report.
        seed: from which positions and nonces are drawn; drawn itself when None, and recorded in the report. Kept runs
            have their own.
        settings: with which the student's code is run; in the sandbox, with the assignment's limits, when None.
        watcher: is called while the simulator runs; an exception of it ends the run and the grading.
        results: where results of single exercises are kept and looked up; every exercise is played when None.
        runs: where runs are kept and looked up, so that another rubric can judge them.
        budget: what all runs may take together; that of the settings' limits when None.
        sandboxes: from where to have a sandbox; it is made for this submission only when None.

    Raises:
        CourseError: when the course folder lacks a part of the assignment.
        NoSandbox: when no settings were given and there is no sandbox.
    """
    settings = settings or RunSettings.for_grading(limits=assignment.limits)
    exercises: tuple[ExerciseReport, ...]
    if submission.fatal:
        reason = " ".join(problem.message for problem in submission.fatal)
        exercises = tuple(
            unjudged(exercise, Verdict.NOT_GRADABLE, reason, Hint("submission.not_gradable"))
            for exercise in assignment.exercises
        )
    else:
        reference, rubric = Reference.of(course, assignment), rubric_version(assignment, course)
        with RunSeries(settings.isolation, sandboxes) as series:
            cross_play = CrossPlay(
                assignment,
                reference,
                rubric,
                _drawn(seed),
                settings,
                series,
                budget or Budget(settings.limits),
                watcher,
                results,
                runs,
            )
            exercises = Grader(submission, cross_play).grade()
            if _flags(exercises) or any(_is_doubtful(exercise) for exercise in exercises):
                series.doubt()
    return Report(
        assignment=assignment.name,
        key=key,
        verdict=_overall(exercises),
        exercises=exercises,
        problems=problems_of(submission),
        flags=_flags(exercises),
        isolation=level(settings.isolation),
        versions=versions(),
    )


def problems_of(submission: Submission) -> tuple[NotebookProblem, ...]:
    """Return the problems of a submission for its report."""
    return tuple(
        NotebookProblem(one.code, one.message, Place(one.exercise, one.line) if one.exercise and one.line else None)
        for one in submission.problems
    )


def versions() -> dict[str, str]:
    """Return the versions that a grading depends on."""
    return {"autograder": autograder.__version__, "nvflare": nvflare_version()}


def _drawn(seed: int | None) -> int:
    return secrets.randbits(32) if seed is None else seed


def _is_doubtful(exercise: ExerciseReport) -> bool:
    """Return whether something of its runs went wrong that nobody's answer explains."""
    return exercise.verdict is Verdict.INFRASTRUCTURE or any(run.repeated for run in exercise.runs)


def _flags(exercises: Sequence[ExerciseReport]) -> tuple[Flag, ...]:
    return tuple(dict.fromkeys(flag for exercise in exercises for run in exercise.runs for flag in run.flags))


def _overall(exercises: Sequence[ExerciseReport]) -> Verdict:
    verdicts = {exercise.verdict for exercise in exercises}
    for verdict in (Verdict.NOT_GRADABLE, Verdict.INFRASTRUCTURE, Verdict.NOT_PASSED):
        if verdict in verdicts:
            return verdict
    return Verdict.PASSED


@dataclass(frozen=True)
class Grader:
    """Grades the exercises of a submission that can be graded."""

    submission: Submission
    cross_play: CrossPlay

    def grade(self) -> tuple[ExerciseReport, ...]:
        """Grade all of them, in order."""
        reports: dict[str, ExerciseReport] = {}
        for exercise in self.cross_play.assignment.exercises:
            reports[exercise.name] = self.grade_exercise(exercise, reports)
        return tuple(reports.values())

    def grade_exercise(self, exercise: Exercise, earlier: Mapping[str, ExerciseReport]) -> ExerciseReport:
        """Grade one, with the reports of those on which it builds."""
        return self._with_what_is_below(exercise, self._grade(exercise, earlier))

    def _with_what_is_below(self, exercise: Exercise, report: ExerciseReport) -> ExerciseReport:
        """Note that an answer stands below its check, unless the report says so already."""
        first = report.to_mend_first
        below = below_its_check(exercise, self.submission.cells, self.cross_play.assignment) if first else None
        if below is None or first is None or first.code == below.code:
            return report
        return replace(report, notes=(words_of(below), *report.notes))

    def _grade(self, exercise: Exercise, earlier: Mapping[str, ExerciseReport]) -> ExerciseReport:
        cells, cross_play = self.submission.cells, self.cross_play
        if is_untouched(exercise, cells, cross_play.assignment, cross_play.reference):
            below = below_its_check(exercise, cells, cross_play.assignment)
            return unjudged(exercise, Verdict.NOT_PASSED, _UNTOUCHED, below or Hint("exercise.untouched"))
        doubtful = [name for name in exercise.needs if earlier[name].verdict is not Verdict.PASSED]
        return on_its_merits(lambda stand_ins, notes: cross_play.judge(exercise, cells, stand_ins, notes), doubtful)


_UNTOUCHED = "The cell is as it was handed out."
