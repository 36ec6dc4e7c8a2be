"""``repeat``: grade the model answer, or any solution in percent format, again and again, and count what comes out.

A right answer gets full marks every time, or the exercise is a race. This is the proof; it can be run under any load.
"""

import argparse
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from autograder.cli.busy import busy_cores


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("repeat", help="grade one solution many times and count the results")
    parser.add_argument("assignment")
    parser.add_argument("--times", type=int, default=100, help="gradings (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=8, help="gradings at once (default: %(default)s)")
    parser.add_argument("--parts", type=Path, help="the solution in percent format (default: the model answer)")
    parser.add_argument("--busy", action="store_true", help="keep all cores busy with something else meanwhile")
    parser.add_argument("--released", action="store_true", help="grade the untouched release instead")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Grade, print one line for each grading that has come to its end, and a summary. 0 when all results are equal."""
    from autograder.course import Course
    from autograder.exercises import load
    from autograder.grading.grade import grade_submission
    from autograder.release.notebook_file import read_notebook
    from autograder.submission.percent import put_parts, read_parts
    from autograder.submission.read import from_notebook

    course = Course.find()
    assignment = load(args.assignment)
    path = args.parts or course.solutions(assignment.name) / f"{assignment.name}.py"
    parts = [] if args.released else read_parts(path.read_text(encoding="utf-8"))
    release = read_notebook(course.release(assignment.name))
    submission = from_notebook(put_parts(release, parts), assignment)
    results: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    started = time.monotonic()
    with busy_cores(args.busy), ThreadPoolExecutor(args.jobs) as pool:
        gradings = [pool.submit(grade_submission, submission, assignment, course) for _ in range(args.times)]
        for number, grading in enumerate(as_completed(gradings), start=1):
            report = grading.result()
            repeated.update(why for exercise in report.exercises for run in exercise.runs for why in run.repeated)
            results[f"{report.points:g} of {report.max_points:g}, {report.verdict}"] += 1
            print(f"{number}/{args.times}: {report.points:g}/{report.max_points:g} {report.verdict}", flush=True)
    seconds = time.monotonic() - started
    print(f"{args.times} gradings, {args.jobs} at once, in {seconds:.0f} s:")
    for result, count in results.most_common():
        print(f"  {count} x {result}")
    print(f"{repeated.total()} runs were repeated{':' if repeated else '.'}")
    for why, count in repeated.most_common():
        print(f"  {count} x {why}")
    return 0 if len(results) == 1 else 1
