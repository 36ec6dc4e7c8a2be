"""Grading hostile submissions for real, and looking for what they may have left or changed.

Everything happens in the sandbox, or not at all: some of them would end every process that they can reach.
"""

import hashlib
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil

from autograder import assignments
from autograder.course import Course
from autograder.grading.cross_play import Results
from autograder.grading.grade import grade_submission
from autograder.report.model import ExerciseReport, Report, Verdict
from autograder.simulator.sandbox.bubblewrap import find_bubblewrap
from autograder.submission.percent import Part, read_parts
from autograder.submission.read import read_submission
from tests.corpus.hostile import Hostile, handed_in
from tests.tools.course_folder import NAME, place

HUNG = 3600
"""Seconds after which nothing but a grader that hung is still at work, on any machine. Limits end what is in a run."""

_TEMPTING_PORTS = (8000, 8080, 8888, 9999, 0)
"""The last one stands for any that is free: somebody may have the others, such as another test."""


@dataclass(frozen=True)
class Outcome:
    """What came of grading a hostile submission.

    Attributes:
        seconds: wall time.
        left: command lines of processes that are still there.
        wrong: how it is not as it must be; empty when all is well.
    """

    hostile: Hostile
    report: Report
    seconds: float
    left: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def flags(self) -> frozenset[str]:
        """The kinds of flags that were raised."""
        return frozenset(flag.kind for flag in self.report.flags)


@dataclass
class Bait:
    """What a hostile submission might want to reach: a course folder, a home folder, and services on this machine.

    Attributes:
        course: with everything that grading needs; nothing in it may change.
        home: a folder with things to read and to change.
    """

    course: Course
    home: Path
    _listeners: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.home / ".ssh").mkdir(parents=True)
        (self.home / ".ssh" / "id_rsa").write_text("a secret\n")
        (self.home / "grades.csv").write_text("student,points\n")

    def changes(self, before: dict[str, str]) -> list[str]:
        """The files that are not as they were."""
        after = self.state()
        return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))

    def state(self) -> dict[str, str]:
        """Every file with a hash of what is in it, but for the submission that is being graded."""
        found = {}
        for folder in (self.course.root, self.home):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "submitted" not in path.parts and "results" not in path.parts:
                    found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Services on this machine that nothing in a sandbox may reach."""
        for port in _TEMPTING_PORTS:
            listener = socket.socket()
            listener.setblocking(False)
            try:
                listener.bind(("127.0.0.1", port))
                listener.listen()
            except OSError:
                listener.close()
            else:
                self._listeners.append(listener)
        try:
            yield
        finally:
            for listener in self._listeners:
                listener.close()
            self._listeners.clear()

    def addresses(self) -> list[tuple[str, int]]:
        """Where the services listen."""
        return [listener.getsockname() for listener in self._listeners]

    def visitors(self) -> int:
        """How many connections were made to the services."""
        return sum(_visits(listener) for listener in self._listeners)


def _visits(listener: socket.socket) -> int:
    count = 0
    while True:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return count
        connection.close()
        count += 1


def grade(hostile: Hostile, bait: Bait, results: Results | None = None) -> Outcome:
    """Grade a hostile submission as any other, and compare everything with what must be.

    Nothing else may be graded by this process meanwhile: any process that it has afterwards counts as left.

    Args:
        results: where results of exercises are kept; every exercise is played when None.

    Raises:
        RuntimeError: when there is no sandbox on this machine.
    """
    if not find_bubblewrap().path:
        raise RuntimeError("hostile submissions are run in a sandbox only: " + "; ".join(find_bubblewrap().missing))
    file = place(bait.course, hostile.name)
    file.write_bytes(handed_in(hostile, *course_parts(bait.course)))
    before, processes = bait.state(), _own_processes()
    started = time.monotonic()
    with bait.listening():
        assignment = assignments.load(NAME)
        submission = read_submission(file.parent, assignment, bait.course)
        report = grade_submission(submission, assignment, bait.course, results=results)
        visitors = bait.visitors()
    seconds = time.monotonic() - started
    left = tuple(_own_processes() - processes)
    wrong = differences(hostile, report)
    wrong += [f"a process is left: {each}" for each in left]
    wrong += [f"changed: {path}" for path in bait.changes(before)]
    wrong += [f"{visitors} connections came out"] if visitors else []
    wrong += [f"took {seconds:.0f} s"] if seconds > HUNG else []
    return Outcome(hostile, report, seconds, left, tuple(wrong))


def differences(hostile: Hostile, report: Report) -> list[str]:
    """Say how a report is not as it must be."""
    return [*_wrong_points(hostile, report), *_wrong_words(hostile, report)]


def course_parts(course: Course) -> tuple[nbformat.NotebookNode, list[Part]]:
    """A course's released notebook, and the cells of its model answer."""
    release = nbformat.read(course.release(NAME), as_version=4)
    return release, read_parts((course.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))


def _own_processes() -> set[str]:
    """The processes that this one has started, and those that they have, with their numbers."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        try:
            found.add(f"{process.pid} {' '.join(process.cmdline())[:80] or process.name()}")
        except psutil.NoSuchProcess:
            continue
    return found


def _wrong_points(hostile: Hostile, report: Report) -> Iterator[str]:
    if hostile.verdict:
        if str(report.verdict) != hostile.verdict or report.points:
            yield f"the verdict is {report.verdict} with {report.points:g} points, not {hostile.verdict} with none"
        return
    if (names := [exercise.name for exercise in report.exercises]) != list(hostile.sample.points):
        yield f"the exercises are {names}, not {list(hostile.sample.points)}"
        return
    for exercise in report.exercises:
        expected = hostile.sample.points[exercise.name]
        if exercise.verdict not in (Verdict.PASSED, Verdict.NOT_PASSED):
            yield f"{exercise.name} is {exercise.verdict}: {exercise.checks[0].seen}"
        elif exercise.points != expected:
            yield f"{exercise.name} has {exercise.points} points, not {expected} ({_told(exercise)})"
        elif (failed := hostile.sample.failed.get(exercise.name)) and _failed(exercise) != list(failed):
            yield f"{exercise.name} fails {_failed(exercise)}, not {list(failed)}"


def _failed(exercise: ExerciseReport) -> list[str]:
    return [check.name for check in exercise.checks if check.verdict is not Verdict.PASSED]


def _told(exercise: ExerciseReport) -> str:
    return "; ".join(f"{check.name}: {check.seen} - {check.hint}" for check in exercise.checks)


def _wrong_words(hostile: Hostile, report: Report) -> Iterator[str]:
    raised = {flag.kind for flag in report.flags}
    if missing := hostile.flags - raised:
        yield f"not flagged as {', '.join(sorted(missing))}"
    if extra := raised - hostile.flags - hostile.allowed_flags:
        flagged = [str(flag) for flag in report.flags if flag.kind in extra]
        yield f"flagged: {'; '.join(flagged)}"
    told = {problem.code for problem in report.problems}
    if told != hostile.problems:
        yield f"the instructor is told of {sorted(told) or 'nothing'}, not of {sorted(hostile.problems) or 'nothing'}"
    for exercise in [] if hostile.verdict else report.exercises:
        hint = hostile.sample.hints.get(exercise.name, exercise.code)
        if bool(exercise.reason) == (exercise.verdict is Verdict.PASSED) or hint != exercise.code:
            yield f"the hint of {exercise.name}, {exercise.verdict}, is {exercise.code or 'none'}, not {hint!r}"


def table(outcomes: Sequence[Outcome]) -> str:
    """One line for each outcome: submission, points, flags, as expected or not, seconds, processes left."""
    lines = [("submission", "group", "verdict", "points", "flags", "seconds", "left", "as expected")]
    for outcome in outcomes:
        report = outcome.report
        points = "/".join(f"{exercise.points:g}" for exercise in report.exercises)
        flags = ", ".join(sorted(outcome.flags)) or "-"
        expected = "yes" if not outcome.wrong else "NO: " + "; ".join(outcome.wrong)
        told = (outcome.hostile.name, outcome.hostile.group, str(report.verdict), points, flags)
        lines.append((*told, f"{outcome.seconds:.1f}", str(len(outcome.left)), expected))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]) - 1)]
    return "\n".join("  ".join([*map(str.ljust, line, widths), line[-1]]) for line in lines)
