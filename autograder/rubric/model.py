"""Assignments, exercises and checks: what a course author writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.evidence.model import Evidence
from autograder.simulator.scenario import Scenario


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        passed: whether the check's points are earned.
        expected: what should have been seen, in words.
        seen: what was seen, in words; for students, so kind and concrete.
        hint: what to look at; must not be empty when not passed.
    """

    passed: bool
    expected: str
    seen: str
    hint: str = ""


@dataclass(frozen=True)
class Played:
    """A scenario and the evidence of its run."""

    scenario: Scenario
    evidence: Evidence


@dataclass(frozen=True)
class Check:
    """One line of a rubric.

    Attributes:
        name: unique in its exercise.
        title: what has to be true, in one sentence for the student.
        points: what it is worth.
        judge: reads the evidence of the exercise's runs; pure, and total: any evidence gives a finding.
    """

    name: str
    title: str
    points: float
    judge: Callable[[Sequence[Played]], Finding]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        name: the ``grade_id`` of its solution cell.
        title: how it is called in tables.
        check_cell: the ``grade_id`` of its check cell.
        classes: the classes that the student writes, which the module must define.
        needs: names of earlier exercises whose classes these build on.
        section: the heading of the notebook's section, to which hints can point.
    """

    name: str
    title: str
    check_cell: str
    classes: tuple[str, ...]
    needs: tuple[str, ...]
    section: str
    checks: tuple[Check, ...]

    @property
    def max_points(self) -> float:
        """Points that can be earned."""
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class Assignment:
    """One assignment: a notebook of the same name, and its exercises in order.

    Attributes:
        given: the ``grade_id`` of the locked code cells that the exercises may use, such as the controller.
    """

    name: str
    title: str
    given: tuple[str, ...]
    exercises: tuple[Exercise, ...]

    def exercise(self, name: str) -> Exercise:
        """The exercise of this name, or of this check cell.

        Raises:
            KeyError: when there is none; the message lists what there is.
        """
        for exercise in self.exercises:
            if name in (exercise.name, exercise.check_cell):
                return exercise
        known = ", ".join(exercise.name for exercise in self.exercises)
        raise KeyError(f"assignment {self.name} has no exercise {name!r}; it has: {known}")
