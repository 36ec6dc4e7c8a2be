"""``python -m tests.tools.soak``: grade at random for some minutes, with more at once than there are cores.

The model answer, the untouched release and the sample submissions come in random order, each graded anew. Exit status 0
when every verdict was right and nothing was left.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil

from autograder import assignments, samples
from autograder.cli.cpu_load import all_cores, busy_cores
from autograder.grading.grade import grade_submission
from autograder.rubric.model import Assignment
from autograder.simulator.sandbox_pool import SandboxPool
from autograder.submission.model import Submission
from autograder.submission.percent import put_parts, read_parts
from autograder.submission.read import from_notebook
from tests.tools.course_folder import CHECKOUT


@dataclass(frozen=True)
class Candidate:
    """A submission with the points that each exercise must get."""

    name: str
    assignment: Assignment
    submission: Submission
    points: dict[str, float]


@dataclass
class Tally:
    """What has happened so far."""

    gradings: int = 0
    wrong: list[str] = field(default_factory=list)
    repeated: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main(arguments: list[str]) -> int:
    """Grade until the time is over, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.soak", description=__doc__)
    jobs = 6 * (psutil.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--jobs", type=int, default=jobs, help="at once (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the order")
    parser.add_argument("--busy", action="store_true", help="keep all cores busy with something else meanwhile")
    options = parser.parse_args(arguments)
    end = time.monotonic() + 60 * options.minutes
    order = random.Random(options.seed)
    print(f"seed {options.seed}, {options.jobs} at once, {options.minutes:g} minutes", flush=True)
    with own_temporary_folder() as temporary:
        with busy_cores(all_cores() if options.busy else 0), peak_memory() as peak:
            tally = soak(candidates(), order, options.jobs, end)
        leaks = len(psutil.Process().children(recursive=True)) + len(list(temporary.iterdir()))
    print(f"\ngradings: {tally.gradings}\nwrong verdicts: {len(tally.wrong)}\nretries: {tally.repeated.total()}")
    for why, count in tally.repeated.most_common():
        print(f"  {count} x {why}")
    print(f"leaks (processes and folders): {leaks}\npeak memory: {peak[0] >> 20} MiB in all processes together")
    return 0 if not tally.wrong and not leaks else 1


def soak(every: list[Candidate], order: random.Random, jobs: int, end: float) -> Tally:
    """Grade candidates at random until ``end``, as `time.monotonic` counts."""
    tally = Tally()

    def work() -> None:
        while time.monotonic() < end:
            with tally.lock:
                candidate = order.choice(every)
            grade(candidate, tally, sandboxes)

    with SandboxPool() as sandboxes, ThreadPoolExecutor(jobs) as pool:
        for worker in [pool.submit(work) for _ in range(jobs)]:
            worker.result()
    return tally


def grade(candidate: Candidate, tally: Tally, sandboxes: SandboxPool) -> None:
    """Grade one candidate, and add what came of it to the tally."""
    report = grade_submission(candidate.submission, candidate.assignment, CHECKOUT, sandboxes=sandboxes)
    got = {exercise.name: exercise.points for exercise in report.exercises}
    told = "; ".join(f"{exercise.name}: {exercise.verdict}: {exercise.reason}" for exercise in report.exercises)
    with tally.lock:
        tally.gradings += 1
        tally.repeated.update(why for exercise in report.exercises for run in exercise.runs for why in run.repeated)
        if got != candidate.points:
            tally.wrong.append(candidate.name)
            print(
                f"WRONG {candidate.assignment.name}: {candidate.name}: {got}, not {candidate.points} ({told})",
                flush=True,
            )
        elif tally.gradings % 10 == 0:
            print(f"{tally.gradings} gradings, {len(tally.wrong)} wrong verdicts", flush=True)


def candidates() -> list[Candidate]:
    """The sample submissions, and as many times as these the model answers and the untouched releases."""
    return [one for name in assignments.LADDER for one in _of(assignments.load(name))]


def _of(assignment: Assignment) -> list[Candidate]:
    name = assignment.name
    release = nbformat.read(CHECKOUT.release(name), as_version=4)
    answers = read_parts((CHECKOUT.solutions(name) / f"{name}.py").read_text(encoding="utf-8"))
    full = {exercise.name: exercise.max_points for exercise in assignment.exercises}
    answer, stub = from_notebook(put_parts(release, answers), assignment), from_notebook(release, assignment)
    reference = Candidate("the model answer", assignment, answer, full)
    untouched = Candidate("the untouched release", assignment, stub, dict.fromkeys(full, 0.0))
    of_samples = [
        Candidate(one.name, assignment, from_notebook(samples.notebook(one, release, answers), assignment), one.points)
        for one in samples.load_all(CHECKOUT.samples(name))
    ]
    return [*of_samples, *([reference] * (len(of_samples) * 3 // 4)), *([untouched] * (len(of_samples) // 4))]


@contextmanager
def own_temporary_folder() -> Iterator[Path]:
    """Let everything temporary of this process go to a folder of its own, so that what is left there can be seen."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = None


@contextmanager
def peak_memory() -> Iterator[list[int]]:
    """The most memory that all processes below this one have had together, in bytes; shared memory counts for each."""
    peak, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(1.0):
            peak[0] = max(peak[0], sum(_memory(each) for each in psutil.Process().children(recursive=True)))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield peak
    over.set()
    thread.join()


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
