"""``python -m tests.corpus.hostile [NAME …]``: grade hostile submissions for real, and print what came of each.

Exit status 0 when all is as expected, afterwards too: the model answer gets full marks when they are through.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from autograder import assignments
from autograder.cli.cpu_load import busy_cores
from autograder.grading.grade import grade_submission
from autograder.submission.read import from_notebook
from tests.corpus.hostile import GROUPS, Hostile, load_all
from tests.corpus.hostile.runner import table
from tests.corpus.hostile.several import grade_several
from tests.tools.course_folder import NAME, make_course, solved


def main(arguments: list[str]) -> int:
    """Grade what was asked for. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", help="some of them (default: all)")
    parser.add_argument("--group", choices=GROUPS)
    parser.add_argument("--fast", action="store_true", help="the small set only")
    parser.add_argument("--jobs", type=int, default=4, help="gradings at once (default: %(default)s)")
    parser.add_argument("--busy", type=int, default=0, help="processes that compute meanwhile (default: %(default)s)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder, busy_cores(options.busy):
        course = make_course(Path(folder, "course"))
        outcomes = []
        for outcome in grade_several(_chosen(options), course, Path(folder), options.jobs):
            outcomes.append(outcome)
            print(table([outcome]).splitlines()[1], flush=True)
        after = grade_submission(from_notebook(solved(course), assignments.load(NAME)), assignments.load(NAME), course)
    print(f"\n{table(outcomes)}\n")
    wrong = sum(bool(outcome.wrong) for outcome in outcomes)
    left = sum(len(outcome.left) for outcome in outcomes)
    print(f"{len(outcomes)} hostile submissions, {wrong} not as expected, {left} processes left.")
    print(f"The model answer after all of them: {after.points:g} of {after.max_points:g}.")
    return 0 if not wrong and after.points == after.max_points else 1


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
