"""The measurements, each a function that returns numbers."""

import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder import assignments
from autograder.grading.grade import grade_submission
from autograder.grading.self_check import check_own
from autograder.submission.model import Cell
from autograder.submission.read import from_notebook
from tests.tools.bench import obvious
from tests.tools.bench.classes import Graded, grade, mixed_class, of_tree, right_class, timed
from tests.tools.bench.profile import busy_seconds
from tests.tools.course_folder import CHECKOUT, NAME, solved
from tests.unit.notebook.cells import IMPORT, parts

ASSIGNMENT = assignments.load(NAME)
_SAMPLE = 0.1
"""Seconds between two looks at the processes of a grading."""


@dataclass(frozen=True)
class Cost:
    """What one grading takes.

    Attributes:
        cpu: seconds in which the machine's cores were busy, kernel included.
        memory: bytes in all of its processes together at most; what they share counts once where that can be seen.
    """

    seconds: float
    cpu: float
    memory: float


def bare_simulator(times: int) -> list[float]:
    """Seconds that the plain program of the first exercise takes."""
    seconds = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "execute_job.py").write_text(obvious.program("execute"))
            seconds.append(timed([sys.executable, "execute_job.py"], Path(folder))[0])
    return seconds


def students_check(times: int) -> list[float]:
    """Seconds from a student's check of the first exercise to its verdict."""
    cells = [Cell(None, source) for source in (IMPORT, *parts().values())]
    exercise = ASSIGNMENT.exercises[0]
    seconds = []
    for _ in range(times):
        began = time.monotonic()
        report = check_own(cells, exercise, ASSIGNMENT).report
        seconds.append(time.monotonic() - began)
        if report.points != report.max_points:
            raise RuntimeError(f"the model answer failed its check: {report}")
    return seconds


def one_grading(times: int) -> Cost:
    """Medians of what grading the model answer takes, with nothing else at work."""
    costs = [_cost_of_grading() for _ in range(times)]
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.memory for cost in costs),
    )


def _cost_of_grading() -> Cost:
    submission = from_notebook(solved(CHECKOUT), ASSIGNMENT)
    done = threading.Event()
    memory = [0.0]

    def look() -> None:
        while not done.wait(_SAMPLE):
            memory[0] = max(memory[0], sum(of_tree(_memory)))

    looker = threading.Thread(target=look)
    began, busy = time.monotonic(), busy_seconds()
    looker.start()
    report = grade_submission(submission, ASSIGNMENT, CHECKOUT)
    seconds, cpu = time.monotonic() - began, busy_seconds() - busy
    done.set()
    looker.join()
    if report.points != report.max_points:
        raise RuntimeError("the model answer did not get full marks")
    return Cost(seconds, cpu, memory[0])


def _memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return float(process.memory_info().rss)


def throughput(jobs: int, every: int) -> Graded:
    """Grade a mixed class of which nothing was graded before."""
    with tempfile.TemporaryDirectory() as folder:
        return grade(mixed_class(Path(folder, "course"), every), "--jobs", str(jobs))


def obvious_way(size: int) -> Graded:
    """Grade right answers the obvious way."""
    with tempfile.TemporaryDirectory() as folder:
        return obvious.grade(CHECKOUT, Path(folder), size)


def growth(size: int) -> tuple[Graded, Graded]:
    """Grade a class of right answers, and once more when nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        course = right_class(Path(folder, "course"), size)
        return grade(course), grade(course)
