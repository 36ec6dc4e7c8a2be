"""Where the time of grading one submission goes."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil

from autograder import assignments
from autograder.grading.grade import grade_submission
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Entry
from autograder.submission.read import from_notebook
from tests.tools.bench.classes import grade
from tests.tools.course_folder import CHECKOUT, NAME, make_course, place, solved

PREPARING = "NVFlare is imported, sandboxes are made, all parties forked"
STARTING = "server and sites come up, register and get ready"
EXERCISE = "the exercises, until every message is answered"
ENDING = "all processes are ended, evidence is read and judged"
BOOKING = "nbgrader: autograded notebook, gradebook, feedback page"

_ENDS_OF_STEPS = {"launched": PREPARING, "begin": STARTING, "settled": EXERCISE}
"""Kinds of journal entries, and the step that is over with each."""
_EXTRA_STUDENTS = 8


@dataclass(frozen=True)
class Step:
    """What a step of a grading takes, all of its runs together.

    Attributes:
        cpu: seconds in which the machine's cores were busy, kernel included.
    """

    seconds: float
    cpu: float


def busy_seconds() -> float:
    """Seconds for which this machine's cores have been busy since it was started."""
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice + times.irq + times.softirq)


def importing(times: int) -> Step:
    """What a process takes that imports what a run's supervisor imports, and nothing else: it is paid once in a run."""
    program = "from autograder.simulator.processes.forking import import_everything; import_everything()"
    found = []
    for _ in range(times):
        began, busy = time.monotonic(), busy_seconds()
        subprocess.run([sys.executable, "-c", program], check=True)
        found.append(Step(time.monotonic() - began, busy_seconds() - busy))
    return _median(found)


def profile(times: int) -> dict[str, Step]:
    """The steps of grading the model answer in order, each with medians. Nothing else may be at work."""
    submission = from_notebook(solved(CHECKOUT), assignments.load(NAME))
    found: list[dict[str, Step]] = []
    for _ in range(times):
        stopwatch = _Stopwatch()
        grade_submission(submission, assignments.load(NAME), CHECKOUT, watcher=stopwatch.watch)
        stopwatch.lap(ENDING)
        found.append(stopwatch.steps)
    steps = {name: _median([one[name] for one in found]) for name in (PREPARING, STARTING, EXERCISE, ENDING)}
    return {**steps, BOOKING: _median([_booking() for _ in range(times)])}


def _median(steps: Sequence[Step]) -> Step:
    return Step(
        statistics.median(step.seconds for step in steps),
        statistics.median(step.cpu for step in steps),
    )


@dataclass
class _Stopwatch:
    """Adds up what the steps of a grading's runs take."""

    steps: dict[str, Step] = field(default_factory=dict)
    _folder: RunFolder | None = None
    _since: Step = field(default_factory=lambda: Step(time.monotonic(), busy_seconds()))

    def watch(self, folder: RunFolder, entries: Sequence[Entry]) -> None:
        """Look at a run: see `autograder.simulator.run.Watcher`."""
        if folder is not self._folder:
            if self._folder:
                self.lap(ENDING)
            self._folder = folder
        for entry in entries:
            if step := _ENDS_OF_STEPS.get(entry["kind"]):
                self.lap(step)

    def lap(self, name: str) -> None:
        """A step is over, and the next one begins."""
        now, before = Step(time.monotonic(), busy_seconds()), self.steps.get(name, Step(0, 0))
        seconds, cpu = now.seconds - self._since.seconds, now.cpu - self._since.cpu
        self.steps[name] = Step(before.seconds + seconds, before.cpu + cpu)
        self._since = now


def _booking() -> Step:
    """What one more student takes who handed in the same as another one: nothing of it is a run."""
    one, many = _same(1), _same(1 + _EXTRA_STUDENTS)
    return Step((many.seconds - one.seconds) / _EXTRA_STUDENTS, (many.cpu - one.cpu) / _EXTRA_STUDENTS)


def _same(size: int) -> Step:
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder, "course"))
        answer = solved(course)
        for number in range(size):
            nbformat.write(answer, place(course, f"student-{number}"))
        before = busy_seconds()
        return Step(grade(course).seconds, busy_seconds() - before)
