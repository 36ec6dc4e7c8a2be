"""What grading a submission costs: the seconds and CPU seconds that are charged for its runs, and its peak memory."""

import json
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from autograder import assignments, samples
from autograder.course import Course
from autograder.grading.budget import Budget
from autograder.grading.grade import grade_submission
from autograder.report.model import Report, Verdict
from autograder.simulator.limits import MIB, Limits
from autograder.simulator.processes.usage import usage_of
from autograder.simulator.run_settings import RunSettings
from autograder.submission.read import read_submission
from tests.corpus import failing, hostile
from tests.corpus.failing.test_failing import POINTS
from tests.corpus.hostile.runner import course_parts
from tests.tools.course_folder import CHECKOUT, NAME, place

_SAMPLE = 0.2
"""Seconds between two looks at the memory."""
_NOTICED = 1.15
"""A limit is noticed a moment after it was reached: by so many times at most."""
_OWN_MEMORY = 1024 * MIB
"""Bytes of the processes that make, enter and watch the runs of one submission, each of which counts what it shares."""


@dataclass(frozen=True)
class Candidate:
    """A submission of one of the corpora, with the points that it must get; none where it cannot be graded."""

    name: str
    content: bytes
    points: dict[str, float]


@dataclass(frozen=True)
class Cost:
    """What a submission has cost.

    Attributes:
        began: when its grading began, as `time.monotonic` counts.
        seconds: wall time of its grading.
        charged: seconds of its budget that are spent.
        cpu: CPU seconds of its budget that are spent.
        memory: the most bytes that all processes of its runs had together; what they share counts for each.
        wrong: how its report is not as it must be; empty when it is.
    """

    name: str
    seconds: float
    charged: float
    cpu: float
    memory: int
    wrong: str = ""
    began: float = 0.0

    @property
    def ended(self) -> float:
        """When its grading ended."""
        return self.began + self.seconds

    def past(self, limits: Limits) -> list[str]:
        """Name what is past the limits."""
        used = {
            f"{self.charged:.0f} of {limits.budget:g} seconds": self.charged > _NOTICED * limits.budget,
            f"{self.cpu:.0f} of {limits.cpu_budget:g} CPU seconds": self.cpu > _NOTICED * limits.cpu_budget,
            f"{self.memory // MIB} MiB": self.memory > _NOTICED * limits.run_memory + _OWN_MEMORY,
        }
        return [told for told, is_past in used.items() if is_past]


def candidates() -> list[Candidate]:
    """All hostile submissions, all samples, and those on which grading once went wrong."""
    release, answers = course_parts(CHECKOUT)
    found = [
        Candidate(one.name, hostile.handed_in(one, release, answers), one.sample.points) for one in hostile.load_all()
    ]
    for sample in samples.load_all(CHECKOUT.samples(NAME)):
        content = json.dumps(samples.notebook(sample, release, answers)).encode()
        found.append(Candidate(sample.name, content, sample.points))
    for one in failing.load_all():
        points = dict(zip(found[-1].points, POINTS.get(one.name, (4, 4, 4)), strict=True))
        found.append(Candidate(one.name, json.dumps(one.notebook).encode(), points))
    return found


def costs_of(chosen: Sequence[Candidate], course: Course, jobs: int) -> Iterator[Cost]:
    """Grade submissions, ``jobs`` at once, each process one at a time; what each has cost, as they come in."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn) as pool:
        for grading in [pool.submit(_cost_of, one, course) for one in chosen]:
            yield grading.result()


def _cost_of(one: Candidate, course: Course) -> Cost:
    file = place(course, one.name)
    file.write_bytes(one.content)
    assignment, settings = assignments.load(NAME), RunSettings.for_grading()
    budget = Budget(settings.limits)
    started = time.monotonic()
    with _peak_memory() as memory:
        submission = read_submission(file.parent, assignment, course)
        report = grade_submission(submission, assignment, course, settings=settings, budget=budget)
    seconds = time.monotonic() - started
    return Cost(one.name, seconds, budget.seconds, budget.cpu, memory[0], _wrong(one, report), started)


@contextmanager
def _peak_memory() -> Iterator[list[int]]:
    """Watch the memory of all processes below this one. The most that was seen is there when the context ends."""
    most, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(_SAMPLE):
            most[0] = max(most[0], usage_of({"all": [os.getpid()]})["all"].memory)

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield most
    finally:
        over.set()
        watching.join()


def _wrong(one: Candidate, report: Report) -> str:
    judged = (Verdict.PASSED, Verdict.NOT_PASSED)
    got = {each.name: each.points for each in report.exercises if each.verdict in judged}
    return "" if got == one.points else f"it has {got}, not {one.points}: {report.verdict}"
