"""A submission as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


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
    """Something about a notebook that the instructor has to know.

    Attributes:
        code: which one it is, such as ``cell.deleted``.
        message: what happened, where, and what to do next; complete sentences that can be printed and stored.
        exercise: the exercise that it is about, or None when it is about the whole notebook.
        line: of the exercise's solution cell, from 1, where the problem is about a line.
    """

    severity: Severity
    code: str
    message: str
    exercise: str | None = None
    line: int | None = None

    @classmethod
    def fatal(cls, code: str, message: str) -> "Problem":
        """Return a problem for which nothing can be graded, whatever names and lines its message quotes."""
        return cls(Severity.FATAL, code, _storable(message))

    @classmethod
    def note(cls, code: str, message: str, exercise: str | None = None, line: int | None = None) -> "Problem":
        """Return a problem that costs nothing, whatever names and lines its message quotes."""
        return cls(Severity.NOTE, code, _storable(message), exercise, line)


def _storable(message: str) -> str:
    return message.encode("utf-8", "backslashreplace").decode("utf-8")


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
