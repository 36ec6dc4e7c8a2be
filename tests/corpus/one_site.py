"""Grades every mistake at a single site with many seeds, anew and from memory: ``python -m tests.corpus.one_site``.

Each must come to the same verdict every time: word for word but for what is drawn where that is texts alone, and by
points and hints where the network's faults and the graph are drawn too. Ends with status 1 otherwise.
"""

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder import assignments, samples
from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from autograder.report.model import ExerciseReport
from autograder.rubric.model import Assignment
from autograder.submission.model import Submission
from autograder.submission.percent import read_parts
from autograder.submission.read import from_notebook
from tests.corpus import failing
from tests.corpus.failing.verdicts import Verdict, verdict_of
from tests.tools.course_folder import CHECKOUT

_AT_ONE_SITE = re.compile("_at_(one_site|site_[0-9])$")
"""The end of the names of samples whose mistake is at a single site."""


@dataclass(frozen=True)
class Mistake:
    """A submission with a mistake at a single site.

    Attributes:
        verdict: what of a report on an exercise must always be the same.
    """

    name: str
    assignment: Assignment
    submission: Submission
    verdict: Callable[[ExerciseReport], Verdict]


def mistakes() -> Iterator[Mistake]:
    """Yield all of them."""
    for one in failing.load_kind("wrong"):
        if one.name in failing.ONE_SITE:
            yield Mistake(one.name, failing.ASSIGNMENT, one.submission, verdict_of)
    for name in assignments.LADDER:
        release = nbformat.read(CHECKOUT.release(name), as_version=4)
        answers = read_parts((CHECKOUT.solutions(name) / f"{name}.py").read_text(encoding="utf-8"))
        assignment = assignments.load(name)
        for sample in samples.load_all(CHECKOUT.samples(name)):
            if _AT_ONE_SITE.search(sample.name):
                submission = from_notebook(samples.notebook(sample, release, answers), assignment)
                yield Mistake(sample.name, assignment, submission, _points_and_hints)


def _points_and_hints(exercise: ExerciseReport) -> Verdict:
    return (exercise.name, exercise.code, *(f"{check.name}: {check.points:g}" for check in exercise.checks))


def verdicts(one: Mistake, seeds: int) -> Counter[object]:
    """How often each verdict came out: with each seed, without memory and with one that fills."""
    found: Counter[object] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        warm = Store(Path(folder), one.assignment.name)
        for seed in range(seeds):
            for results, runs in ((None, None), (warm, warm.runs)):
                report = grade_submission(
                    one.submission, one.assignment, CHECKOUT, seed=seed, results=results, runs=runs
                )
                assert report.points < report.max_points, f"{one.name} passes with seed {seed}"
                found[tuple(map(one.verdict, report.exercises))] += 1
    return found


def main() -> int:
    """Grade them, and print how many verdicts there are of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.one_site", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds each is graded with")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    parser.add_argument("--only", default="", help="a part of the names of those to grade (default: all)")
    arguments = parser.parse_args()
    made = [one for one in mistakes() if arguments.only in one.name]
    several = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for one, found in zip(made, pool.map(lambda one: verdicts(one, arguments.seeds), made), strict=True):
            print(f"{one.name}: {' + '.join(map(str, found.values()))} x the same verdict", flush=True)
            several += len(found) > 1
            for rarer, _ in found.most_common()[1:]:
                print(f"    also: {rarer}", flush=True)
    return 1 if several else 0


if __name__ == "__main__":
    raise SystemExit(main())
