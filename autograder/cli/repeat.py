"""``repeat``: grade the model answer, or any solution in percent format, again and again, and count what comes out.

A right answer gets full marks every time, or the exercise is a race. This is the proof; it can be run under any load.

Exit status: 0 when every grading has full marks, or the points that ``--expect`` names; 1 when one has not; 2 when the
command could not be carried out.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.cpu_load import all_cores, busy_cores
from autograder.cli.jobs import at_least_one

if TYPE_CHECKING:
    from autograder.report.model import Report

_HINTS_SHOWN = 5
"""Different hints of one check that are printed; those that name a site or a text can be many."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("repeat", help="grade one solution many times and count the results")
    parser.add_argument("assignment")
    parser.add_argument("--times", type=at_least_one, default=100, help="gradings (default: %(default)s)")
    parser.add_argument("--jobs", type=at_least_one, default=8, help="gradings at once (default: %(default)s)")
    solution = parser.add_mutually_exclusive_group()
    solution.add_argument("--parts", type=Path, help="the solution in percent format (default: the model answer)")
    solution.add_argument("--released", action="store_true", help="grade the untouched release instead")
    parser.add_argument(
        "--expect",
        nargs="+",
        default=[],
        metavar="POINTS",
        help="what each grading must get: the points of all exercises, such as 8, or of some, such as execute=4 "
        "handle_event=2, where all others must have full marks (default: full marks)",
    )
    parser.add_argument("--busy", action="store_true", help="keep all cores busy with something else meanwhile")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Grade, print one line for each grading that has come to its end, and a summary. Return the exit status."""
    from autograder.assignments import load
    from autograder.cli.expected_points import ExpectedPoints
    from autograder.course import Course
    from autograder.grading.grade import grade_submission
    from autograder.release.notebook_file import read_notebook
    from autograder.release.solution_file import solved_notebook
    from autograder.simulator.sandbox_pool import SandboxPool
    from autograder.submission.read import from_notebook

    course = Course.find()
    assignment = load(args.assignment)
    expected = ExpectedPoints.read(args.expect, assignment)
    name = assignment.name
    notebook = read_notebook(course.release(name)) if args.released else solved_notebook(course, name, args.parts)
    submission = from_notebook(notebook, assignment)
    reports: list[Report] = []
    started = time.monotonic()
    with busy_cores(all_cores() if args.busy else 0), SandboxPool() as sandboxes, ThreadPoolExecutor(args.jobs) as pool:
        grade = partial(grade_submission, submission, assignment, course, sandboxes=sandboxes)
        gradings = [pool.submit(grade) for _ in range(args.times)]
        try:
            for grading in as_completed(gradings):
                reports.append(one := grading.result())
                print(f"{len(reports)}/{args.times}: {one.points:g}/{one.max_points:g} {one.verdict}", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)  # those under way come to their end
            raise
    seconds = time.monotonic() - started
    print(f"{args.times} gradings, {args.jobs} at once, in {seconds:.0f} s:")
    print("\n".join(_summary(reports)))
    met = sum(map(expected.met_by, reports))
    print(f"{met} of {args.times} gradings have what is expected of each: {expected.words}.")
    return 0 if met == args.times else 1


def _summary(reports: "list[Report]") -> Iterator[str]:
    """Count the results, the checks that were not passed with their hints, and why runs were repeated."""
    results = Counter(f"{report.points:g} of {report.max_points:g}, {report.verdict}" for report in reports)
    yield from (f"  {count} x {result}" for result, count in results.most_common())
    for check, hints in _failed(reports).items():
        yield f"{check} was not passed in {hints.total()} of {len(reports)} gradings:"
        yield from (f"  {count} x {hint}" for hint, count in hints.most_common(_HINTS_SHOWN))
        if len(hints) > _HINTS_SHOWN:
            yield f"  and {len(hints) - _HINTS_SHOWN} other hints"
    exercises = [exercise for report in reports for exercise in report.exercises]
    repeated = Counter(why for exercise in exercises for run in exercise.runs for why in run.repeated)
    yield f"{repeated.total()} runs were repeated{':' if repeated else '.'}"
    yield from (f"  {count} x {why}" for why, count in repeated.most_common())


def _failed(reports: "list[Report]") -> dict[str, Counter[str]]:
    """Find for each check that was not passed its hints, or what was seen where there is none, with their counts."""
    from autograder.report.model import Verdict
    from autograder.report.sanitize import visible

    failed: dict[str, Counter[str]] = {}
    for exercise in (exercise for report in reports for exercise in report.exercises):
        for check in exercise.checks:
            if check.verdict is not Verdict.PASSED:
                hints = failed.setdefault(f"{exercise.name}, {check.name}", Counter())
                hints[visible(check.hint or check.seen, limit=600)] += 1
    return failed
