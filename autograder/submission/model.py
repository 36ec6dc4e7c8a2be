"""A submission as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from autograder.report.reasons import Datum, in_words
from autograder.submission.problem_words import TEMPLATES


class ExerciseCells(Protocol):
    """The cells of an exercise, each by its ``grade_id``, as `autograder.rubric.model.Exercise` has them."""

    @property
    def name(self) -> str:
        """Return the name of the exercise, which is that of its solution cell."""

    @property
    def check_cell(self) -> str:
        """Return the name of its check cell."""

    @property
    def classes(self) -> Sequence[str]:
        """Return the classes that its answer defines."""


class AssignmentCells(Protocol):
    """The cells of an assignment, each by its ``grade_id``, as `autograder.rubric.model.Assignment` has them."""

    @property
    def name(self) -> str:
        """Return the name of the assignment."""

    @property
    def given(self) -> Sequence[str]:
        """Return the names of the locked code cells."""

    @property
    def exercises(self) -> Sequence[ExerciseCells]:
        """Return the exercises in their order."""


UNREADABLE = "class.unreadable"
"""The code of the problem, and of the hint, that Python cannot read a cell."""


class Severity(StrEnum):
    """The consequence of a problem with a notebook."""

    FATAL = "fatal"
    """The submission cannot be graded at all."""
    NOTE = "note"
    """Nothing is lost, but a person should know."""


@dataclass(frozen=True)
class Problem:
    """Something about a submission that the instructor has to know.

    Attributes:
        code: which one it is, such as ``solution.deleted``.
        data: what belongs to it, by name.
        exercise: the exercise that it is about, or None when it is about the whole notebook.
        line: of the exercise's solution cell, from 1, where the problem is about a line.
    """

    severity: Severity
    code: str
    data: Mapping[str, Datum] = field(default_factory=dict, hash=False)
    exercise: str | None = None
    line: int | None = None

    @classmethod
    def fatal(cls, code: str, **data: Datum) -> "Problem":
        """Return a problem for which nothing can be graded."""
        return cls(Severity.FATAL, code, data)

    @classmethod
    def note(cls, code: str, exercise: str | None = None, line: int | None = None, /, **data: Datum) -> "Problem":
        """Return a problem that costs nothing."""
        return cls(Severity.NOTE, code, data, exercise, line)

    @property
    def message(self) -> str:
        """Return what it is in sentences that can be printed and stored, whatever names and lines they quote."""
        data = {"exercise": self.exercise or "", "line": self.line or 0, **self.data}
        words = in_words(TEMPLATES[self.code], data)
        return words.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True)
class Cell:
    """A code cell: its ``grade_id`` (None for a cell that the student added) and its source.

    Attributes:
        stand_in: whether it is the course's, in place of an exercise that the student has not got right.
    """

    grade_id: str | None
    source: str
    stand_in: bool = False


@dataclass(frozen=True)
class Submission:
    """The code cells of a notebook in their order, and what is wrong with it."""

    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def fatal(self) -> tuple[Problem, ...]:
        """Return the problems for which it cannot be graded."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.FATAL)
