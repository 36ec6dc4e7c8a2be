"""The measurements, each a function that returns numbers."""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from autograder import assignments
from autograder.course import Course
from autograder.grading.grade import grade_submission
from autograder.grading.self_check import check_own
from autograder.rubric.model import Assignment
from autograder.simulator.processes.unsandboxed import StandbySupervisor
from autograder.simulator.sandbox_pool import SandboxPool
from autograder.submission.model import Submission
from autograder.submission.read import from_notebook
from tests.authoring import lay_out
from tests.corpus.agreement import ran_before
from tests.tools.bench import obvious
from tests.tools.bench.classes import Graded, grade, mixed_class, of_tree, right_class, timed
from tests.tools.bench.profile import busy_seconds
from tests.tools.course_folder import CHECKOUT, solved

_READING = 3.0
"""Seconds between two checks, in which what the next one begins with gets ready."""
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


def students_check(name: str, times: int) -> list[float]:
    """Seconds from a student's check of an assignment's first exercise to its verdict, in a notebook that is open."""
    assignment, submission = _right(name)
    exercise = assignment.exercises[0]
    cells = ran_before(submission.cells, exercise)
    seconds, standby = [], StandbySupervisor()
    standby.fill()
    for _ in range(times):
        time.sleep(_READING)
        began = time.monotonic()
        report = check_own(cells, exercise, assignment, standby=standby).report
        seconds.append(time.monotonic() - began)
        if report.points != report.max_points:
            raise RuntimeError(f"the model answer failed its check: {report}")
    standby.end()
    return seconds


def one_grading(name: str, times: int) -> Cost:
    """Medians of what grading an assignment's model answer takes after another one, with nothing else at work.

    The memory is that of one more grading, since to look at it takes much CPU time itself.
    """
    assignment, submission = _right(name)
    return _cost_of_grading(assignment, submission, CHECKOUT, times)


def largest_run(times: int) -> Cost:
    """Medians of what one run of eight sites takes, with 25 rounds of an author's consensus."""
    with tempfile.TemporaryDirectory() as folder:
        course = lay_out(Path(folder, "course"))
        assignment = assignments.load_in(course, "consensus")
        (average,) = assignment.exercises
        largest = replace(average, cross_play=lambda cast: average.cross_play(cast)[-1:])
        submission = from_notebook(solved(course, assignment.name), assignment)
        return _cost_of_grading(replace(assignment, exercises=(largest,)), submission, course, times)


def _cost_of_grading(assignment: Assignment, submission: Submission, course: Course, times: int) -> Cost:
    costs = []
    with SandboxPool() as sandboxes:

        def again() -> None:
            report = grade_submission(submission, assignment, course, sandboxes=sandboxes)
            if report.points != report.max_points:
                raise RuntimeError("the model answer did not get full marks")

        again()
        for _ in range(times):
            began, busy = time.monotonic(), busy_seconds()
            again()
            costs.append((time.monotonic() - began, busy_seconds() - busy))
        memory = _most_memory(again)
    seconds, cpu = zip(*costs, strict=True)
    return Cost(statistics.median(seconds), statistics.median(cpu), memory)


def _right(name: str) -> tuple[Assignment, Submission]:
    assignment = assignments.load(name)
    return assignment, from_notebook(solved(CHECKOUT, name), assignment)


def _most_memory(work: Callable[[], None]) -> float:
    """The most that all processes below this one have in memory while some work is done."""
    done = threading.Event()
    memory = [0.0]

    def look() -> None:
        while not done.wait(_SAMPLE):
            memory[0] = max(memory[0], sum(of_tree(_memory)))

    looker = threading.Thread(target=look)
    looker.start()
    try:
        work()
    finally:
        done.set()
        looker.join()
    return memory[0]


def _memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return float(process.memory_info().rss)


def throughput(name: str, jobs: int, every: int) -> Graded:
    """Grade a mixed class of an assignment, of which nothing was graded before."""
    with tempfile.TemporaryDirectory() as folder:
        return grade(mixed_class(Path(folder, "course"), name, every), "--jobs", str(jobs), name=name)


def obvious_way(size: int) -> Graded:
    """Grade right answers the obvious way."""
    with tempfile.TemporaryDirectory() as folder:
        return obvious.grade(CHECKOUT, Path(folder), size)


def growth(size: int) -> tuple[Graded, Graded]:
    """Grade a class of right answers, and once more when nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        course = right_class(Path(folder, "course"), size)
        return grade(course), grade(course)
