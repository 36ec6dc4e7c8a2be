"""``python -m tests.hostile [NAME …]``: grade hostile submissions for real, and print what came of each.

Exit status 0 when all is as expected, afterwards too: the model answer gets full marks when they are through.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from autograder import exercises
from autograder.grading.grade import grade_submission
from autograder.submission.read import from_notebook
from tests.course_folder import NAME, make_course, solved
from tests.hostile import GROUPS, Hostile, load_all
from tests.hostile.runner import Bait, Outcome, grade, table


def main(arguments: list[str]) -> int:
    """Grade what was asked for. Whose a process is that is left can be told only when one is graded at a time."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", help="some of them (default: all)")
    parser.add_argument("--group", choices=GROUPS)
    parser.add_argument("--fast", action="store_true", help="the small set only")
    parser.add_argument("--jobs", type=int, default=1, help="gradings at once (default: %(default)s)")
    chosen = _chosen(parser.parse_args(arguments))
    jobs = parser.parse_args(arguments).jobs
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        course = make_course(Path(folder, "course"))
        bait = Bait(course, Path(folder, "home"))

        def graded(hostile: Hostile) -> Outcome:
            outcome = grade(hostile, bait, alone=jobs == 1)
            print(table([outcome]).splitlines()[1], flush=True)
            return outcome

        with ThreadPoolExecutor(jobs) as pool:
            outcomes = list(pool.map(graded, chosen))
        after = grade_submission(from_notebook(solved(course), exercises.load(NAME)), exercises.load(NAME), course)
    print(f"\n{table(outcomes)}\n")
    left = len(psutil.Process().children(recursive=True))
    wrong = sum(bool(outcome.wrong) for outcome in outcomes)
    print(f"{len(outcomes)} hostile submissions, {wrong} not as expected, {left} processes left at the end.")
    print(f"The model answer after all of them: {after.points:g} of {after.max_points:g}.")
    return 0 if not wrong and not left and after.points == after.max_points else 1


def _chosen(options: argparse.Namespace) -> list[Hostile]:
    every = load_all()
    if unknown := set(options.names) - {hostile.name for hostile in every}:
        sys.exit(f"no such hostile submission: {', '.join(sorted(unknown))}")
    return [
        hostile
        for hostile in every
        if (not options.names or hostile.name in options.names)
        and (not options.fast or hostile.fast)
        and options.group in (None, hostile.group)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
