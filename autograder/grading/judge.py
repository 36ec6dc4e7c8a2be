"""From played scenarios to the report of an exercise."""

from collections.abc import Sequence

from autograder.grading.play import Play
from autograder.report.model import CheckResult, ExerciseReport, RunSummary, Verdict
from autograder.rubric.deliveries import deliveries_of, lines_that_matter
from autograder.rubric.model import Check, Exercise, Played


def judge(exercise: Exercise, plays: Sequence[Play], notes: Sequence[str] = ()) -> ExerciseReport:
    """Judge every check of an exercise on the evidence of its plays."""
    runs = tuple(summary_of(play) for play in plays)
    if trouble := next((play.trouble for play in plays if play.trouble), ""):
        return unjudged(exercise, Verdict.INFRASTRUCTURE, trouble, _GRADE_AGAIN, runs=runs, notes=notes)
    played = [play.played for play in plays]
    checks = tuple(_judged(check, played) for check in exercise.checks)
    passed = all(check.verdict is Verdict.PASSED for check in checks)
    verdict = Verdict.PASSED if passed else Verdict.NOT_PASSED
    return ExerciseReport(exercise.name, exercise.title, exercise.check_cell, verdict, checks, runs, tuple(notes))


_GRADE_AGAIN = "The simulator broke, not your code. Run this again; if it stays, tell your instructor."


def unjudged(
    exercise: Exercise,
    verdict: Verdict,
    seen: str,
    hint: str,
    *,
    runs: Sequence[RunSummary] = (),
    notes: Sequence[str] = (),
) -> ExerciseReport:
    """The report of an exercise without evidence: no check is earned, each for the same reason."""
    checks = tuple(
        CheckResult(check.name, check.title, 0, check.points, verdict, check.title, seen, hint)
        for check in exercise.checks
    )
    return ExerciseReport(
        exercise.name, exercise.title, exercise.check_cell, verdict, checks, tuple(runs), tuple(notes)
    )


def summary_of(play: Play) -> RunSummary:
    """What a reader wants to know of a run."""
    scenario = play.played.scenario
    return RunSummary(
        scenario=scenario.name,
        students=tuple(sorted(scenario.students)),
        seed=scenario.seed,
        seconds=round(play.seconds, 2),
        attempts=play.attempts,
        repeated=play.repeated,
        ended=str(play.played.evidence.end),
        deliveries=deliveries_of(play.played),
        log_lines=lines_that_matter(play.played),
        flags=play.flags,
    )


def _judged(check: Check, played: Sequence[Played]) -> CheckResult:
    finding = check.judge(played)
    verdict = Verdict.PASSED if finding.passed else Verdict.NOT_PASSED
    points = check.points if finding.passed else 0
    hint = "" if finding.passed else finding.hint
    return CheckResult(check.name, check.title, points, check.points, verdict, finding.expected, finding.seen, hint)
