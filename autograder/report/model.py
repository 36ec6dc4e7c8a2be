"""The report of one submission: plain data, without knowledge of notebooks, simulators or nbgrader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.report.places import Place, shown
from autograder.report.reasons import Datum, Reason

SCHEMA_VERSION = 3
"""Raised with every change that a reader of the JSON form has to know about."""

CONTROLLER_FAILED = "controller_failed"
"""The end of a run in which the student's code failed on the server."""


@dataclass(frozen=True)
class Flag:
    """Something that a person should look at. It changes no points.

    Attributes:
        kind: what it is, such as ``forged``.
        party: whose doing it is; empty where that cannot be said.
        scenario: in which run it was seen.
        seen: what was seen, in words.
    """

    kind: str
    party: str
    scenario: str
    seen: str

    def __str__(self) -> str:
        where = " in ".join(filter(None, [self.party, self.scenario]))
        return f"{self.kind}: {where}: {self.seen}"


class Verdict(StrEnum):
    """The verdict on a check, an exercise or a submission."""

    PASSED = "passed"
    NOT_PASSED = "not passed"
    INFRASTRUCTURE = "infrastructure"
    """The run itself broke, for reasons that are not the student's. It costs no points and wants another grading."""
    NOT_GRADABLE = "cannot be graded"
    """There is nothing that could be judged, such as a file that is no notebook. A person has to look."""


@dataclass(frozen=True)
class CheckResult:
    """A line of the rubric, judged.

    Attributes:
        name: the check's name, unique in its exercise, such as ``every_other_client``.
        title: what has to be true, in one sentence for the student.
        points: points earned, from 0 to ``max_points``.
        expected: what should have been seen.
        seen: what was seen.
        hint: what to look at next; empty when the check passed.
        code: which hint it is, such as ``targets.leave_out``; empty when the check passed.
        data: what the hint speaks of, by name.
        places: the lines of the student's code that the hint is about; those with their code are told besides it.
        idea: what may not be understood yet, in a sentence; empty when there is nothing to say.
        section: the heading of the notebook's section that teaches it, without markup; empty when the check passed.
        blocks: whether it may be the cause of other faults, and so comes before them.
    """

    name: str
    title: str
    points: float
    max_points: float
    verdict: Verdict
    expected: str
    seen: str
    hint: str = ""
    code: str = ""
    data: Mapping[str, Datum] = field(default_factory=dict, hash=False)
    places: tuple[Place, ...] = ()
    idea: str = ""
    section: str = ""
    blocks: bool = False

    @property
    def where(self) -> str:
        """Return the places, in words, that the hint does not name itself."""
        return shown(self.places)


@dataclass(frozen=True)
class Delivery:
    """Messages of a run that are alike: the unit of evidence, and an entry of "who received what from whom".

    Attributes:
        sender: the site (or ``server``) that sent it, or should have.
        receiver: the site (or ``server``) for which it was.
        topic: the aux message's topic.
        label: what it says, or how the exercise calls it; empty where there is nothing to say.
        sent: whether the wire saw it. False: expected, but it never came.
        expected: whether the exercise asks for it. False: it should not be there.
        reply: the return code of the receiver's reply, or None when none was seen.
        logged: the receiver's log line about it, or None.
        count: how many times it was sent.
        reasons: why it is not as it should be; `autograder.report.delivery_words` has the words.
        asked: how many of the ``count`` were asked for; the others are repeated.
        faults: what the network did to each of them, such as ``drop``, as the scenario has planned.
    """

    sender: str
    receiver: str
    topic: str
    label: str
    sent: bool
    expected: bool
    reply: str | None = None
    logged: str | None = None
    count: int = 1
    reasons: tuple[Reason, ...] = ()
    asked: int = 1
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """A line of a traceback and its place in the notebook; ``place`` is None where it has none."""

    line: int
    place: Place | None


@dataclass(frozen=True)
class LoggedLine:
    """A line of a party's log.

    Attributes:
        frames: those of the student's module when the text is a traceback.
        time: the time of day, to the millisecond, where the order of lines matters: in a race. Empty elsewhere.
    """

    site: str
    level: str
    logger: str
    text: str
    frames: tuple[Frame, ...] = ()
    time: str = ""


@dataclass(frozen=True)
class Series:
    """The values of a chart that belong together, from left to right; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """Values that change from step to step, which say more than the messages that carry them.

    Attributes:
        title: what is shown, in a sentence.
        step: what the steps are called, such as ``iteration``; they are counted from 0.
        series: one for each line.
        goal: where all are to come, and how that is called; None and empty where there is no such value.
    """

    title: str
    step: str
    series: tuple[Series, ...]
    goal: float | None = None
    goal_name: str = ""


@dataclass(frozen=True)
class RunSummary:
    """A run in the simulator, as far as a reader of the report wants to know it.

    Attributes:
        scenario: the scenario's name, such as ``send``.
        students: the parties that ran the student's code, by name.
        seed: from which positions and nonces were drawn.
        seconds: wall time of the last attempt.
        attempts: how many runs it took; more than 1 after infrastructure trouble.
        ended: how the run ended: ``settled``, ``deadline``, ``died`` … `autograder.report.words` has the words.
        deliveries: expected and seen messages.
        log_lines: the log lines that matter, at most a hundred.
        flags: what a person should look at.
        repeated: why each attempt but the last was not believed.
        chart: what its messages come to, where an exercise says how to draw that.
    """

    scenario: str
    students: tuple[str, ...]
    seed: int
    seconds: float
    attempts: int
    ended: str
    deliveries: tuple[Delivery, ...] = ()
    log_lines: tuple[LoggedLine, ...] = ()
    flags: tuple[Flag, ...] = ()
    repeated: tuple[str, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True)
class ExerciseReport:
    """An exercise, judged on its own merits.

    Attributes:
        name: the exercise's name, which is the ``grade_id`` of its solution cell.
        check_cell: the ``grade_id`` of its check cell, which carries the points.
        notes: what a reader should know besides the checks, such as which class could not be used.
    """

    name: str
    title: str
    check_cell: str
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    runs: tuple[RunSummary, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Return points earned."""
        return sum(check.points for check in self.checks)

    @property
    def max_points(self) -> float:
        """Return points that can be earned."""
        return sum(check.max_points for check in self.checks)

    @property
    def reason(self) -> str:
        """Return one line on why it is not full marks, or an empty string."""
        first = self.to_mend_first
        return first.hint or first.seen if first else ""

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the lines of the student's code that hints and tracebacks name, each once."""
        hinted = [place for check in self.checks for place in check.places]
        frames = [frame for run in self.runs for line in run.log_lines for frame in line.frames]
        raised = [frame.place for frame in frames if frame.place]
        return tuple({place.name: place for place in (*hinted, *raised)}.values())

    @property
    def code(self) -> str:
        """Return the code of the hint to follow first, or an empty string."""
        return self.to_mend_first.code if self.to_mend_first else ""

    @property
    def to_mend_first(self) -> CheckResult | None:
        """Return the first failing check to fix: a blocking one if there is any."""
        missing = [check for check in self.checks if check.verdict is not Verdict.PASSED]
        return next((check for check in missing if check.blocks), next(iter(missing), None))


@dataclass(frozen=True)
class NotebookProblem:
    """Something about the notebook itself that the instructor has to know.

    Attributes:
        code: which one it is, such as ``solution.deleted``.
        message: what happened, where, and what to do next.
        place: the line that it is about, if it is about one.
    """

    code: str
    message: str
    place: Place | None = None


@dataclass(frozen=True)
class Report:
    """The report of one submission.

    Attributes:
        key: content key of what was graded: notebook, assignment, versions, seed policy.
        problems: what the instructor has to know about the notebook itself.
        flags: what a person should look at.
        isolation: how the student's code was kept apart, such as ``sandbox``.
    """

    assignment: str
    key: str
    verdict: Verdict
    exercises: tuple[ExerciseReport, ...]
    problems: tuple[NotebookProblem, ...] = ()
    flags: tuple[Flag, ...] = ()
    isolation: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA_VERSION

    @property
    def points(self) -> float:
        """Return points earned."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def max_points(self) -> float:
        """Return points that can be earned."""
        return sum(exercise.max_points for exercise in self.exercises)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what is to be said about the notebook besides the hints, which name some of its problems too."""
        checks = [check for exercise in self.exercises for check in exercise.checks]
        hinted = {(check.code, place.name) for check in checks for place in check.places}
        return tuple(
            problem.message
            for problem in self.problems
            if problem.place is None or (problem.code, problem.place.name) not in hinted
        )
