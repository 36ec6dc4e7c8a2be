"""Makes the report of an exercise from its played scenarios."""

from collections.abc import Iterator, Sequence

from autograder.grading.attempts import RunOutcome
from autograder.grading.student_part import StudentPart
from autograder.report.model import CONTROLLER_FAILED, CheckResult, ExerciseReport, RunSummary, Verdict
from autograder.rubric import diagnosis
from autograder.rubric.catalogue import words_of
from autograder.rubric.deliveries import deliveries_of, lines_that_matter
from autograder.rubric.model import Check, Exercise, Finding, Hint, RunEvidence
from autograder.simulator.parties.loading import NOT_DEFINED, Loading
from autograder.simulator.scenario import SERVER


def judge(exercise: Exercise, plays: Sequence[RunOutcome], student: StudentPart) -> ExerciseReport:
    """Judge every check of an exercise on the evidence of its plays."""
    runs = tuple(summary_of(play, exercise) for play in plays)
    if trouble := next((play.trouble for play in plays if play.trouble), ""):
        return unjudged(exercise, Verdict.INFRASTRUCTURE, trouble, Hint("run.broken"), runs=runs)
    played = [play.played for play in plays]
    if absent := not_defined(played):
        return unjudged(
            exercise, Verdict.NOT_PASSED, f"No cell defines the class {absent}.", student.why_absent(absent)
        )
    if filled := sorted({party for run in played for party in run.evidence.filled}):
        return unjudged(exercise, Verdict.NOT_PASSED, _filled(filled), Hint("memory.filled"), runs=runs)
    checks = tuple(_judged(exercise, check, played) for check in exercise.checks)
    passed = all(check.verdict is Verdict.PASSED for check in checks)
    verdict = Verdict.PASSED if passed else Verdict.NOT_PASSED
    notes = () if passed else tuple(_raised(played, student))
    return ExerciseReport(exercise.name, exercise.title, exercise.check_cell, verdict, checks, runs, notes)


def _filled(parties: Sequence[str]) -> str:
    whole = "" in parties
    return f"the memory of {'the run' if whole else ' and '.join(parties)} was full, and the run was ended"


def not_defined(played: Sequence[RunEvidence]) -> str:
    """Return the class that no cell defined although all of them ran; empty if there is none."""
    for run in played:
        for party in run.scenario.students:
            if run.evidence.loading.get(party, Loading()).error == NOT_DEFINED:
                return run.scenario.part_of(party).class_name
    return ""


def _raised(played: Sequence[RunEvidence], student: StudentPart) -> Iterator[str]:
    """Yield what cells raised when the notebook ran from the top; the rest of such a cell was not run."""
    raised = {one: None for run in played for loading in run.evidence.loading.values() for one in loading.raised}
    for line, error in raised:
        if place := student.locate(line):
            told = f"Run from the top, your notebook raises {error} at {place}"
            yield f"{told}; what stands below it in that cell is not run."


def unjudged(
    exercise: Exercise,
    verdict: Verdict,
    seen: str,
    hint: Hint,
    *,
    runs: Sequence[RunSummary] = (),
    notes: Sequence[str] = (),
) -> ExerciseReport:
    """Return the report of an exercise without evidence: no check earns points, each for the same reason."""
    section = exercise.section if verdict is Verdict.NOT_PASSED else ""
    checks = tuple(
        _failed(check, verdict, Finding(False, check.title, seen, hint), section=section) for check in exercise.checks
    )
    return ExerciseReport(
        exercise.name, exercise.title, exercise.check_cell, verdict, checks, tuple(runs), tuple(notes)
    )


def summary_of(play: RunOutcome, exercise: Exercise | None = None) -> RunSummary:
    """Return the summary of a run for the report; with the chart of the exercise, if one is named."""
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
        chart=exercise.chart(play.played) if exercise else None,
    )


def _how_ended(played: RunEvidence) -> str:
    """Return why a run ended. After a failed controller the clients end too, which is not the course's doing."""
    if SERVER in played.scenario.students and diagnosis.workflow_error(played):
        return CONTROLLER_FAILED
    return played.evidence.end.name.lower()


def _judged(exercise: Exercise, check: Check, played: Sequence[RunEvidence]) -> CheckResult:
    found = check.judge(played)
    if found.passed:
        points = check.points
        return CheckResult(check.name, check.title, points, points, Verdict.PASSED, found.expected, found.seen)
    idea = found.why(check).idea or check.idea
    return _failed(check, Verdict.NOT_PASSED, found, idea=idea.text if idea else "", section=exercise.section_on(idea))


def _failed(check: Check, verdict: Verdict, found: Finding, *, idea: str = "", section: str) -> CheckResult:
    """Return the result of a check without points; here the hint becomes words."""
    hint = found.why(check)
    return CheckResult(
        name=check.name,
        title=check.title,
        points=0,
        max_points=check.points,
        verdict=verdict,
        expected=found.expected,
        seen=found.seen,
        hint=words_of(hint),
        code=hint.code,
        data=dict(hint.data),
        places=hint.places,
        idea=idea,
        section=section,
        blocks=hint.blocks,
    )
