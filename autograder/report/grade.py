"""The grade of a submission: what it is made of, and whether it stands. Whatever shows or exports points reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from autograder.report.model import Report, Verdict
from autograder.report.words import number


class State(StrEnum):
    """The state of a grade. Only one that is graded is exported; the others wait for a person."""

    GRADED = "graded"
    TO_LOOK_AT = "to be looked at"
    """Points that a person gave are older than what was handed in, or than what the grader found."""
    NOT_READ = "not read yet"
    """There is an answer that nobody but a person can give points for, and nobody has."""
    CANNOT_BE_GRADED = "cannot be graded"
    """The grader has no result, whatever was given by hand before."""


_BY_WEIGHT = (State.CANNOT_BE_GRADED, State.NOT_READ, State.TO_LOOK_AT)


@dataclass(frozen=True)
class Part:
    """The points for a cell.

    Attributes:
        name: the cell's ``grade_id``.
        by_rubric: points of the grader; None where it has none.
        by_hand: points that a person gave, which stand in place of the grader's; None where nobody did.
        extra: extra credit, which a person gave besides.
        by_person: whether only a person can give its points.
        waits: whether the gradebook says that a person has to look.
    """

    name: str
    max_points: float
    by_rubric: float | None = None
    by_hand: float | None = None
    extra: float = 0.0
    by_person: bool = False
    waits: bool = False

    @property
    def points(self) -> float | None:
        """Return the points with extra credit; None where nobody has given any."""
        given = self.by_rubric if self.by_hand is None else self.by_hand
        return None if given is None else given + self.extra

    @property
    def stands(self) -> bool:
        """Return whether nobody has to look at them."""
        return self.state is State.GRADED

    @property
    def state(self) -> State:
        """Return whether they stand, or what they wait for."""
        if not self.waits and self.points is not None:
            return State.GRADED
        if self.by_rubric is None and not self.by_person:
            return State.CANNOT_BE_GRADED
        return State.NOT_READ if self.points is None else State.TO_LOOK_AT


@dataclass(frozen=True)
class Grade:
    """The grade of a submission.

    Attributes:
        parts: the cells that are worth points, in the gradebook's order.
        penalty: points that are taken off for being late.
    """

    parts: tuple[Part, ...]
    penalty: float = 0.0

    @property
    def state(self) -> State:
        """Return whether it stands: that of the part that matters most."""
        states = {part.state for part in self.parts}
        return next((state for state in _BY_WEIGHT if state in states), State.GRADED)

    @property
    def stands(self) -> bool:
        """Return whether nobody has to look before it is exported."""
        return self.state is State.GRADED

    @property
    def points(self) -> float | None:
        """Return the grade; None while it waits for a person."""
        return self.so_far if self.stands else None

    @property
    def so_far(self) -> float:
        """Return the points that there are, less the penalty, whether they stand or not."""
        return max(0.0, self.before_penalty - self.penalty)

    @property
    def before_penalty(self) -> float:
        """Return the points that there are, with extra credit, whether they stand or not."""
        return sum((part.points or 0.0 for part in self.parts), 0.0)

    @property
    def by_rubric(self) -> float:
        """Return the points of the grader that count."""
        return sum(part.by_rubric or 0.0 for part in self.parts if part.by_hand is None)

    @property
    def by_hand(self) -> float:
        """Return the points that a person gave, without extra credit."""
        return sum(part.by_hand or 0.0 for part in self.parts)

    @property
    def extra(self) -> float:
        """Return the extra credit."""
        return sum(part.extra for part in self.parts)

    @property
    def given(self) -> str:
        """Return what a person gave for which cell; the same as long as nobody gives anything else."""
        touched = [part for part in self.parts if part.by_hand is not None or part.extra]
        return ", ".join(f"{part.name} {part.by_hand} {part.extra}" for part in touched)

    @property
    def max_points(self) -> float:
        """Return the points that can be earned without extra credit."""
        return sum(part.max_points for part in self.parts)

    @property
    def has_result(self) -> bool:
        """Return whether the grader has a result for all that it grades."""
        return all(part.by_rubric is not None for part in self.parts if not part.by_person)

    def part(self, name: str) -> Part | None:
        """Return the part of a cell."""
        return next((part for part in self.parts if part.name == name), None)

    @property
    def made_of(self) -> str:
        """Return in words what it is made of; empty when that is the rubric's points and nothing else."""
        return ", ".join(self._made_of())

    def _made_of(self) -> Iterator[str]:
        by_hand = any(part.by_hand is not None for part in self.parts)
        if by_hand or self.extra or self.penalty:
            yield f"{number(self.by_rubric)} by rubric"
        if by_hand:
            yield f"{number(self.by_hand)} by hand"
        if self.extra:
            yield f"{number(self.extra)} extra credit"
        if self.penalty:
            yield f"{number(self.penalty)} off for being late"
        yield from self.waiting

    @property
    def waiting(self) -> list[str]:
        """Return in words what waits for a person, besides what the grader has no result for."""
        waiting = {
            state: [part.name for part in self.parts if part.state is state]
            for state in (State.NOT_READ, State.TO_LOOK_AT)
        }
        return [f"{state}: {' '.join(names)}" for state, names in waiting.items() if names]


_JUDGED = (Verdict.PASSED, Verdict.NOT_PASSED)


def by_rubric(report: Report) -> Grade:
    """Return the grade that a report alone comes to, before anybody gives points by hand or takes any off."""
    judged = report.verdict in _JUDGED
    return Grade(
        tuple(
            Part(exercise.check_cell, exercise.max_points, exercise.points if judged else None, waits=not judged)
            for exercise in report.exercises
        )
    )


def stands(report: Report, grade: Grade | None) -> bool:
    """Return whether there is nothing for a person to do before a submission's grade is exported."""
    return report.verdict in _JUDGED and grade is not None and grade.stands


def for_a_person(report: Report, grade: Grade | None) -> bool:
    """Return whether a person should look at a submission: its grade waits, or it has a flag. All counts ask here."""
    return bool(report.flags) or not stands(report, grade)


def verdict_of(report: Report, grade: Grade | None) -> str:
    """Return the grader's verdict on a submission, or for what else its grade waits."""
    waits = report.verdict in _JUDGED and grade is not None and not grade.stands
    return str(grade.state if grade and waits else report.verdict)


def shown(grade: Grade | None) -> str:
    """Return a grade in a few words, such as ``9.5``, ``not read yet`` or, where there is none, a dash."""
    if grade is None:
        return "–"
    return str(grade.state) if grade.points is None else number(grade.points)
