"""Assignments, exercises and checks: what a course author writes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from autograder.evidence.model import Evidence
from autograder.report.model import Chart
from autograder.report.places import Place
from autograder.report.reasons import Datum
from autograder.rubric.concepts import Idea
from autograder.rubric.matching import Matching, WrongResult, match, wrong_results
from autograder.simulator.scenario import ExpectedResult, Part, Scenario


@dataclass(frozen=True)
class Hint:
    """A hint to a student whose check did not pass. It is never the solution.

    Attributes:
        code: which hint it is, such as ``targets.leave_out``: mistakes are counted by it.
        idea: what may not be understood yet; by default what the check is about.
        places: the lines of the student's code that it is about. Those without their code are named in its words.
        data: what its words speak of, by name.
        blocks: whether it may be the cause of other faults, as an exception is, and so comes before them.
        words: a template of your own, see `autograder.report.reasons`; by default that of the catalogue.
    """

    code: str
    idea: Idea | None = None
    places: tuple[Place, ...] = ()
    data: Mapping[str, Datum] = field(default_factory=dict)
    blocks: bool = field(default=False, kw_only=True)
    words: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Finding:
    """The finding of a check.

    Attributes:
        passed: whether the check's points are earned.
        expected: what should have been seen, in words.
        seen: what was seen, in words; for students, so kind and concrete.
        hint: what to look at, when not passed: a hint, or simply its words.
    """

    passed: bool
    expected: str
    seen: str
    hint: Hint | str = ""

    def why(self, check: "Check") -> Hint:
        """Return the hint. One that is words only has the check's name for its code."""
        if isinstance(self.hint, Hint):
            return self.hint
        return Hint(check.name, data={"said": self.hint}, words="{said}")


def _module_line(line: int) -> Place:
    return Place("module", line)


@dataclass(frozen=True)
class RunEvidence:
    """A scenario and the evidence of its run.

    Attributes:
        locate: says where a line of the student's module is in their notebook; None when it is not theirs.
    """

    scenario: Scenario
    evidence: Evidence
    locate: Callable[[int], Place | None] = _module_line

    @cached_property
    def matching(self) -> Matching:
        """Return the matching of expected and seen messages."""
        return match(self.scenario.expected_in(self.evidence), self.evidence.messages)

    @cached_property
    def expected_results(self) -> tuple[ExpectedResult, ...]:
        """Return what results are to say."""
        return self.scenario.results_in(self.evidence)

    @cached_property
    def wrong_results(self) -> tuple[WrongResult, ...]:
        """Return the results that do not say what they are to."""
        return wrong_results(self.expected_results, self.evidence.results)


@dataclass(frozen=True)
class Cast:
    """The parts that can play in an exercise's scenarios.

    Attributes:
        student: makes the part that runs a class of the student's notebook.
        reference: makes the part that runs a course-owned class, with constructor arguments.
        random: from which positions and nonces are drawn.
        seed: with which ``random`` was made.
    """

    student: Callable[[str], Part]
    reference: Callable[[str, dict[str, Any]], Part]
    random: Random
    seed: int


@dataclass(frozen=True)
class Check:
    """A line of a rubric.

    Attributes:
        name: unique in its exercise.
        title: what has to be true, in one sentence for the student.
        points: what it is worth.
        judge: reads the evidence of the exercise's runs; pure, and total: any evidence gives a finding.
        idea: what has to be understood to pass it, for findings that name no idea of their own.
    """

    name: str
    title: str
    points: float
    judge: Callable[[Sequence[RunEvidence]], Finding]
    idea: Idea | None = None


@dataclass(frozen=True)
class Exercise:
    """An exercise.

    Attributes:
        name: the ``grade_id`` of its solution cell.
        title: how it is called in tables.
        check_cell: the ``grade_id`` of its check cell.
        classes: the classes that the student writes, which the module must define.
        needs: names of earlier exercises whose classes these build on.
        section: the heading of the notebook's section that asks for it, without markup.
        cross_play: the scenarios for grading, in which the student's parts play among reference peers.
        own_play: the scenario for the student's own runs, in which all parts are the student's.
        self_contained: whether the scenarios for grading need no reference peers, which no student has. The student's
            own check then plays the same ones; else it plays ``own_play``.
        stub: the classes as they are handed out, from which a stand-in is made; only where a later exercise needs them.
            It is here, and not only in the notebook, since a student's own check makes one as well.
        teaches: for ideas behind its hints the heading of the section that teaches them, where that is another one.
        chart: what a run's messages come to, for its picture; None for a run of which there is nothing to draw.
    """

    name: str
    title: str
    check_cell: str
    classes: tuple[str, ...]
    needs: tuple[str, ...]
    section: str
    checks: tuple[Check, ...]
    cross_play: Callable[[Cast], tuple[Scenario, ...]]
    own_play: Callable[[Callable[[str], Part]], Scenario]
    self_contained: bool = False
    stub: str = ""
    teaches: Mapping[Idea, str] = field(default_factory=dict)
    chart: Callable[[RunEvidence], Chart | None] = lambda played: None

    def section_on(self, idea: Idea | None) -> str:
        """Return the heading of the section that teaches an idea, or else of the section of the exercise."""
        return (idea.section or self.teaches.get(idea, "") if idea else "") or self.section

    @property
    def max_points(self) -> float:
        """Return points that can be earned."""
        return sum(check.points for check in self.checks)


@dataclass(frozen=True)
class Assignment:
    """An assignment: a notebook of the same name, and its exercises in order.

    Attributes:
        given: the ``grade_id`` of the locked code cells that the exercises may use, such as the controller.
        given_classes: the classes in those cells that a run may need.
        controller: the one of them that the server runs in a student's own run when the student names none; empty for
            the one that ``own_play`` names.
        limits: those that its runs need and that are not to be the defaults, by the names of
            `autograder.simulator.limits.Limits`. They hold in grading, under what an instructor configures, and in
            students' own runs.
    """

    name: str
    title: str
    given: tuple[str, ...]
    given_classes: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    controller: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of this name, or of this check cell.

        Raises:
            KeyError: when there is none; the message lists what there is.
        """
        for exercise in self.exercises:
            if name in (exercise.name, exercise.check_cell):
                return exercise
        known = ", ".join(exercise.name for exercise in self.exercises)
        raise KeyError(f"assignment {self.name} has no exercise {name!r}; it has: {known}")
