"""From played scenarios to the report of an exercise."""

from collections.abc import Sequence

from autograder.grading.play import Play
from autograder.report.model import CheckResult, ExerciseReport, RunSummary, Verdict
from autograder.rubric import diagnosis
from autograder.rubric.deliveries import deliveries_of, lines_that_matter
from autograder.rubric.model import Check, Exercise, Played
from autograder.simulator.scenario import SERVER


def judge(exercise: Exercise, plays: Sequence[Play], notes: Sequence[str] = ()) -> ExerciseReport:
    """Judge every check of an exercise on the evidence of its plays."""
    runs = tuple(summary_of(play) for play in plays)
    if trouble := next((play.trouble for play in plays if play.trouble), ""):
        return unjudged(exercise, Verdict.INFRASTRUCTURE, trouble, _GRADE_AGAIN, runs=runs, notes=notes)
    played = [play.played for play in plays]
    checks = tuple(_judged(exercise, check, played) for check in exercise.checks)
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
    section = exercise.section if verdict is Verdict.NOT_PASSED else ""
    checks = tuple(
        CheckResult(check.name, check.title, 0, check.points, verdict, check.title, seen, hint, section=section)
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
        seconds=round(play.seen.seconds, 2),
        attempts=play.seen.attempts,
        repeated=play.seen.repeated,
        ended=_how_ended(play.played),
        deliveries=deliveries_of(play.played),
        log_lines=lines_that_matter(play.played),
        flags=play.flags,
    )


def _how_ended(played: Played) -> str:
    """Why a run was over. After a controller that fails the clients end too, and that is not the course's doing."""
    if SERVER in played.scenario.students and diagnosis.workflow_error(played):
        return "the student's code failed on the server"
    return str(played.evidence.end)


def _judged(exercise: Exercise, check: Check, played: Sequence[Played]) -> CheckResult:
    found = check.judge(played)
    common = (check.name, check.title)
    if found.passed:
        return CheckResult(*common, check.points, check.points, Verdict.PASSED, found.expected, found.seen)
    idea = found.idea or check.idea
    return CheckResult(
        *common,
        0,
        check.points,
        Verdict.NOT_PASSED,
        found.expected,
        found.seen,
        found.hint,
        found.where,
        idea.text if idea else "",
        exercise.section_on(idea),
        found.blocks,
    )
