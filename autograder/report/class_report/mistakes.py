"""The most common mistakes of a class: hints with the same code, counted by student."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.report.class_report.model import JUDGED, Member, Mistake
from autograder.report.model import CheckResult, ExerciseReport, Verdict
from autograder.report.reasons import Datum

_TELLING = ("exception", "said")
"""What of a hint's data makes it another mistake: the class of an exception, and words that are an author's own."""


_Kind = tuple[Datum, ...]
"""The code of a hint, and what is telling of its data."""


@dataclass(frozen=True)
class _Case:
    """A student who got something wrong."""

    member: Member
    exercise: ExerciseReport
    checks: tuple[CheckResult, ...]
    first: bool
    failed: int


def common_mistakes(members: Sequence[Member]) -> tuple[Mistake, ...]:
    """Return the mistakes of a class, the one that most students should fix first at the top."""
    alike: dict[tuple[str, _Kind], list[_Case]] = {}
    for member in members:
        for key, case in _cases(member):
            alike.setdefault(key, []).append(case)
    found = [_mistake(cases) for cases in alike.values()]
    return tuple(sorted(found, key=lambda one: (-one.first, -one.students, one.exercise, one.hint)))


def _cases(member: Member) -> Iterator[tuple[tuple[str, _Kind], _Case]]:
    """Yield the mistakes of one student; a hint at several checks of an exercise is one mistake."""
    exercises = member.report.exercises if member.report else ()
    failed = sum(len(_failed(exercise)) for exercise in exercises)
    for exercise in exercises:
        by_hint: dict[_Kind, list[CheckResult]] = {}
        for check in _failed(exercise):
            by_hint.setdefault(_kind(check), []).append(check)
        for number, (kind, checks) in enumerate(by_hint.items()):
            yield (exercise.name, kind), _Case(member, exercise, tuple(checks), number == 0, failed)


def _failed(exercise: ExerciseReport) -> list[CheckResult]:
    if exercise.verdict not in JUDGED:
        return []
    return [check for check in exercise.checks if check.verdict is Verdict.NOT_PASSED]


def _kind(check: CheckResult) -> _Kind:
    return (check.code, *(check.data[name] for name in _TELLING if name in check.data))


def _mistake(cases: Sequence[_Case]) -> Mistake:
    """Make one mistake of several cases. The example is the student with the fewest other mistakes."""
    clearest = min(cases, key=lambda case: (case.failed, case.member.student))
    check = clearest.checks[0]
    return Mistake(
        exercise=clearest.exercise.name,
        exercise_title=clearest.exercise.title,
        checks=tuple(dict.fromkeys(check.name for case in cases for check in case.checks)),
        students=len(cases),
        first=sum(case.first for case in cases),
        hint=check.hint or check.seen,
        example=clearest.member.student,
        seen=check.seen,
        feedback=clearest.member.feedback,
    )
