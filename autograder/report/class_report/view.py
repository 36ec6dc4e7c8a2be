"""Makes the report about a class from the reports of its submissions."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence

from autograder.report.class_report.mistakes import common_mistakes
from autograder.report.class_report.model import (
    JUDGED,
    NOT_GRADED,
    Attention,
    Bar,
    Cell,
    Check,
    ClassReport,
    Likeness,
    Member,
    State,
    Student,
)
from autograder.report.grade import Grade, for_a_person, verdict_of
from autograder.report.grade import State as GradeState
from autograder.report.model import CheckResult, ExerciseReport, Report, Verdict
from autograder.report.table import reason

_MOST_BARS = 20
_Key = tuple[str, str]
"""The names of an exercise and of a check of it."""


def class_report(
    assignment: str, members: Sequence[Member], likeness: Likeness, made: str, absent: Sequence[str] = ()
) -> ClassReport:
    """Return what there is to say about a class, its submissions by student, and who has not handed in."""
    reports = [member.report for member in members if member.report]
    checks = _checks(reports)
    points = [points for member in members if (points := _points(member)) is not None]
    most = max((member.grade.max_points for member in members if member.grade), default=0.0)
    alike = _alike(likeness)
    return ClassReport(
        assignment=assignment,
        made=made,
        submissions=len(members),
        judged=sum(report.verdict in JUDGED for report in reports),
        passed=sum(report.verdict is Verdict.PASSED for report in reports),
        max_points=most,
        mean=statistics.fmean(points) if points else None,
        median=statistics.median(points) if points else None,
        checks=tuple(checks.values()),
        students=tuple(_student(member, checks, alike.get(member.student, ())) for member in members),
        histogram=histogram(points, most),
        mistakes=common_mistakes(members),
        attention=tuple(sorted(filter(None, map(_attention, members)), key=_seriousness)),
        notes=tuple(note for member in members for note in _notes(member)),
        likeness=likeness,
        absent=tuple(absent),
    )


def _checks(reports: Sequence[Report]) -> dict[_Key, Check]:
    """Return all checks of the class in the order in which they come up."""
    found: dict[_Key, list[tuple[ExerciseReport, CheckResult]]] = {}
    for report in reports:
        for key, result in _results(report).items():
            found.setdefault(key, []).append(result)
    return {key: _check(results) for key, results in found.items()}


def _results(report: Report) -> dict[_Key, tuple[ExerciseReport, CheckResult]]:
    return {
        (exercise.name, check.name): (exercise, check) for exercise in report.exercises for check in exercise.checks
    }


def _check(results: Sequence[tuple[ExerciseReport, CheckResult]]) -> Check:
    exercise, first = results[0]
    states = [_cell(result).state for result in results]
    return Check(
        exercise=exercise.name,
        exercise_title=exercise.title,
        name=first.name,
        title=first.title,
        max_points=max(check.max_points for _, check in results),
        passed=states.count(State.PASSED),
        judged=len(states) - states.count(State.NOT_JUDGED),
    )


def _alike(likeness: Likeness) -> dict[str, tuple[str, ...]]:
    """Return, for each student, the students whose code is alike."""
    found: dict[str, set[str]] = {}
    for group in likeness.groups:
        for student in group.students:
            found.setdefault(student, set()).update(group.students)
    return {student: tuple(sorted(others - {student})) for student, others in found.items()}


def _student(member: Member, checks: Mapping[_Key, Check], alike: tuple[str, ...]) -> Student:
    report = member.report
    if report is None:
        missing = tuple(Cell(State.NOT_JUDGED, None) for _ in checks)
        return Student(
            member.student, member.feedback, NOT_GRADED, None, 0.0, "", missing, "", "", (), (), alike, member.late
        )
    results = _results(report)
    return Student(
        student=member.student,
        feedback=member.feedback,
        verdict=verdict_of(report, member.grade),
        points=_points(member),
        max_points=member.grade.max_points if member.grade else report.max_points,
        made_of=member.grade.made_of if member.grade else "",
        cells=tuple(_cell(results.get(key)) for key in checks),
        reason=reason(report),
        isolation=report.isolation,
        flags=tuple(map(str, report.flags)),
        problems=tuple(problem.message for problem in report.problems),
        alike=alike,
        late=member.late,
    )


def _points(member: Member) -> float | None:
    return member.grade.points if member.grade and member.report else None


def _cell(result: tuple[ExerciseReport, CheckResult] | None) -> Cell:
    if result is None or not {result[0].verdict, result[1].verdict} <= set(JUDGED):
        return Cell(State.NOT_JUDGED, None)
    check = result[1]
    if check.verdict is Verdict.PASSED:
        return Cell(State.PASSED, check.points)
    return Cell(State.PARTLY if check.points else State.NOT_PASSED, check.points, check.hint or check.seen)


_KINDS = (*map(str, (Verdict.NOT_GRADABLE, Verdict.INFRASTRUCTURE, *GradeState)), "flag", NOT_GRADED)


def _seriousness(one: Attention) -> tuple[int, str]:
    return _KINDS.index(one.kind), one.student


def _attention(member: Member) -> Attention | None:
    """Return what a person should look at in a submission: one entry for a student, whatever there is to say."""
    report = member.report
    if report is None:
        return Attention(member.student, member.feedback, NOT_GRADED, "There is no report of this submission.")
    if not for_a_person(report, member.grade):
        return None
    kind, why = _waits_for_a_person(member, report)
    flags = [f"Flag: {flag}." for flag in dict.fromkeys(map(str, report.flags))]
    return Attention(member.student, member.feedback, kind, " ".join([*why, *flags]))


def _waits_for_a_person(member: Member, report: Report) -> tuple[str, list[str]]:
    """Return for what a grade waits, of a kind and in words; no words when it stands."""
    if report.verdict not in JUDGED:
        return str(report.verdict), [problem.message for problem in report.problems] or [_broken(report)]
    if member.grade is None:
        return NOT_GRADED, ["The gradebook has nothing of it. Grade again."]
    if not member.grade.stands:
        return str(member.grade.state), [f"{_waits(member.grade)} Until somebody has looked, it has no grade."]
    return "flag", []


def _waits(grade: Grade) -> str:
    return f"{'; '.join(grade.waiting)}." if grade.waiting else "The grader has no result."


def _broken(report: Report) -> str:
    names = [exercise.title for exercise in report.exercises if exercise.verdict not in JUDGED]
    return f"Not judged: {', '.join(names)}. The next grading tries again." if names else ""


def _notes(member: Member) -> Iterator[Attention]:
    """Yield what is remarkable about a notebook that was graded."""
    if member.report and member.report.verdict in JUDGED:
        for problem in member.report.problems:
            yield Attention(member.student, member.feedback, "note", problem.message)


def histogram(points: Sequence[float], most: float) -> tuple[Bar, ...]:
    """Return the distribution of points in about twenty equal steps at most, with full marks apart."""
    if not points or most <= 0:
        return ()
    step = math.ceil(most / _MOST_BARS)
    lows = [float(step * number) for number in range(math.ceil(most / step))]
    bars = [Bar(low, min(low + step, most), sum(low <= one < min(low + step, most) for one in points)) for low in lows]
    return (*bars, Bar(most, most, sum(one >= most for one in points)))
