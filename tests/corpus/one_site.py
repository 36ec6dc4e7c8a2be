"""Grades every mistake at a single site with many seeds, anew and from memory: ``python -m tests.corpus.one_site``.

Each must come to the same verdict every time, word for word but for what is drawn. Ends with status 1 otherwise.
"""

import argparse
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.grading.grade import grade_submission
from autograder.grading.store import Store
from tests.corpus.failing import ASSIGNMENT, NAME, ONE_SITE, Failing, load_kind
from tests.corpus.failing.verdicts import verdict_of
from tests.tools.course_folder import CHECKOUT


def verdicts(one: Failing, seeds: int) -> Counter[object]:
    """How often each verdict came out: with each seed, without memory and with one that fills."""
    found: Counter[object] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        warm = Store(Path(folder), NAME)
        for seed in range(seeds):
            for results in (None, warm):
                report = grade_submission(
                    one.submission, ASSIGNMENT, CHECKOUT, seed=seed, results=results, runs=results and results.runs
                )
                assert report.points < report.max_points, f"{one.name} passes with seed {seed}"
                found[tuple(map(verdict_of, report.exercises))] += 1
    return found


def main() -> int:
    """Grade them, and print how many verdicts there are of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.one_site", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds each is graded with")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    arguments = parser.parse_args()
    made = [one for one in load_kind("wrong") if one.name in ONE_SITE]
    several = 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for one, found in zip(made, pool.map(lambda one: verdicts(one, arguments.seeds), made), strict=True):
            print(f"{one.name}: {' + '.join(map(str, found.values()))} x the same verdict", flush=True)
            several += len(found) > 1
    return 1 if several else 0


if __name__ == "__main__":
    raise SystemExit(main())
