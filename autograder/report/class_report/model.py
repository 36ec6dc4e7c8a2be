"""The report about a class: plain data, as students wrote it. Each form makes it safe in its own way."""

from dataclasses import dataclass
from enum import StrEnum

from autograder.report.grade import Grade
from autograder.report.model import Report, Verdict

NOT_GRADED = "not graded yet"
"""The words in the place of a verdict where there is no report."""

JUDGED = (Verdict.PASSED, Verdict.NOT_PASSED)
"""The verdicts with which there are points."""


@dataclass(frozen=True)
class Member:
    """A submission of the class.

    Attributes:
        report: its report, or None when it was not graded yet.
        grade: what the gradebook has; None when it has nothing.
        feedback: a relative link to the feedback page, ready for ``href``; empty when there is none.
        late: how late it is, in words; empty when it is in time.
    """

    student: str
    report: Report | None
    grade: Grade | None = None
    feedback: str = ""
    late: str = ""


@dataclass(frozen=True)
class CodeRow:
    """A line of each of two codes.

    Attributes:
        kind: ``alike``, ``own``, ``known`` (handed out, or what most have), or ``left out``.
        left_out: how many rows of what is known are left out here.
    """

    kind: str
    left: str = ""
    right: str = ""
    left_out: int = 0


@dataclass(frozen=True)
class CodePair:
    """A cell of two students side by side."""

    cell: str
    rows: tuple[CodeRow, ...]


@dataclass(frozen=True)
class Group:
    """Students whose code is built alike.

    Attributes:
        students: those of earlier classes are called after their folder, such as ``2029/ada``.
        likeness: from 0 to 1.
        cells: the exercises in which it is the same.
        code: that of the first two.
    """

    students: tuple[str, ...]
    likeness: float
    cells: tuple[str, ...] = ()
    code: tuple[CodePair, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """The likeness of the submissions of a class.

    Attributes:
        groups: students who are more alike than the class otherwise is.
        common: groups with the usual answer.
        compared: how many submissions were compared.
        threshold: the likeness from which on there is a hint.
        left_out: how many further groups there were.
        earlier: how many submissions of earlier classes there were to compare with.
    """

    groups: tuple[Group, ...] = ()
    common: tuple[Group, ...] = ()
    compared: int = 0
    threshold: float = 1.0
    left_out: int = 0
    earlier: int = 0


@dataclass(frozen=True)
class Check:
    """A check of the rubric, and how the class did in it.

    Attributes:
        passed: how many passed it.
        judged: how many were judged.
    """

    exercise: str
    exercise_title: str
    name: str
    title: str
    max_points: float
    passed: int
    judged: int


class State(StrEnum):
    """The result of a student in a check."""

    PASSED = "passed"
    PARTLY = "partly"
    NOT_PASSED = "not passed"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class Cell:
    """A cell of the heat map.

    Attributes:
        why: what was hinted at; empty when the check passed or was not judged.
    """

    state: State
    points: float | None
    why: str = ""


@dataclass(frozen=True)
class Student:
    """A row of the heat map.

    Attributes:
        points: the grade; None while it waits for a person.
        made_of: what it is made of, in words; empty when that is the points of the checks and nothing else.
        cells: one for each check of the class, in the same order.
        reason: the first thing to say when it has not full marks.
        alike: the students whose code is built alike.
        late: how late the submission is, in words; empty when it is in time.
    """

    student: str
    feedback: str
    verdict: str
    points: float | None
    max_points: float
    made_of: str
    cells: tuple[Cell, ...]
    reason: str
    isolation: str
    flags: tuple[str, ...]
    problems: tuple[str, ...]
    alike: tuple[str, ...]
    late: str


@dataclass(frozen=True)
class Mistake:
    """A mistake that several students made in the same way, with one of them as an example.

    Attributes:
        students: how many got it wrong.
        first: how many of them should mend this first in the exercise.
        checks: the checks that it cost points in.
    """

    exercise: str
    exercise_title: str
    checks: tuple[str, ...]
    students: int
    first: int
    hint: str
    example: str
    seen: str
    feedback: str


@dataclass(frozen=True)
class Attention:
    """A submission that a person should look at.

    Attributes:
        kind: why first of all, such as ``flag``.
        message: all that there is to say.
    """

    student: str
    feedback: str
    kind: str
    message: str


@dataclass(frozen=True)
class Bar:
    """A bar of the histogram: how many students have from ``low`` points to just below ``high``.

    The last bar has those with all points; both its ends are the same.
    """

    low: float
    high: float
    students: int


@dataclass(frozen=True)
class ClassReport:
    """The class at a glance.

    Attributes:
        made: when, in words.
        judged: how many submissions the grader has judged.
        mean, median: of the grades; None when nobody has any.
        notes: remarks on notebooks that cost nothing.
        absent: the names of those in the roster who have not handed in.
    """

    assignment: str
    made: str
    submissions: int
    judged: int
    passed: int
    max_points: float
    mean: float | None
    median: float | None
    checks: tuple[Check, ...]
    students: tuple[Student, ...]
    histogram: tuple[Bar, ...]
    mistakes: tuple[Mistake, ...]
    attention: tuple[Attention, ...]
    notes: tuple[Attention, ...]
    likeness: Likeness
    absent: tuple[str, ...] = ()
