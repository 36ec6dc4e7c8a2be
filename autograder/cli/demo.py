"""``demo``: from nothing to a graded sample class.

Makes a course folder, generates the release in it, hands in an assignment's sample submissions and some that cannot be
graded, grades all of them, and compares the table with what each sample must get.

Exit status: 0 when all are as they should be, 1 when some are not, 2 when the command could not be carried out, 130
after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP. The same command goes on from where it was; when nothing has changed
it only looks.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.grade import STOPPED, add_unsandboxed
from autograder.cli.jobs import add_jobs
from autograder.cli.signals import say, status_of
from autograder.course import Course, CourseError

if TYPE_CHECKING:
    from autograder.cli.class_grading import ClassResult
    from autograder.cli.sample_class import Expected
    from autograder.report.table import Row

ASSIGNMENT = "p2p_communication"
FOLDER = "demo"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("demo", help="grade a sample class")
    parser.add_argument("assignment", nargs="?", default=ASSIGNMENT, help="(default: %(default)s)")
    parser.add_argument("--folder", type=Path, help=f"where to (default: {FOLDER}/ in the course folder)")
    add_jobs(parser)
    add_unsandboxed(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Grade the sample class; the exit status is in the module's description."""
    try:
        checkout = Course.find()
        folder = args.folder or checkout.root / FOLDER
        result, expected = grade_samples(args.assignment, checkout, folder, args.jobs, unsandboxed=args.unsandboxed)
    except KeyError as error:
        print(f"autograder demo: {error.args[0]}", file=sys.stderr)
        return 2
    except CourseError as error:
        print(f"autograder demo: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        say(STOPPED)
        return status_of(interrupt)
    result.show()
    return 0 if tell_differences(result.rows, expected) else 1


def grade_samples(
    assignment: str, checkout: Course, folder: Path, jobs: int | None, *, unsandboxed: bool = False
) -> "tuple[ClassResult, dict[str, Expected]]":
    """Make the course folder, hand in the samples and grade them.

    Raises:
        KeyError: when there is no such assignment; the message lists what there is.
        CourseError: when the folder or the checkout is not fit for it, or there is no sandbox.
    """
    # These imports take seconds, which --help and the other commands need not wait for.
    from autograder import assignments
    from autograder.cli.class_grading import ClassGrading
    from autograder.cli.lock import only_grading
    from autograder.cli.sample_class import copy_course, hand_in
    from autograder.nbgrader_plugin import convert
    from autograder.nbgrader_plugin.config import course_app
    from autograder.simulator.run_settings import Conditions

    conditions = Conditions.for_grading(unsandboxed=unsandboxed, limits=assignments.load(assignment).limits)
    course = copy_course(checkout, folder)
    with only_grading(course), course_app(course) as app:
        convert.generate(app, assignment)
        expected = hand_in(course, checkout, assignment)
        print(f"{len(expected)} submissions are in {course.root / 'submitted'}", file=sys.stderr)
        described = assignments.load_in(course, assignment)
        grading = ClassGrading(app, course, described, conditions=conditions, jobs=jobs, force=False)
        return grading.grade(grading.students), expected


def tell_differences(rows: "Sequence[Row]", expected: "Mapping[str, Expected]") -> bool:
    """Print how the table differs from what the samples must get. Return whether all is as it should be."""
    from autograder.cli.sample_class import differences

    reports = {row.student: row.report for row in rows}
    wrong = 0
    for student, wanted in expected.items():
        found = differences(reports[student], wanted) if student in reports else ["it is not in the table"]
        wrong += bool(found)
        for difference in found:
            print(f"DIFFERS  {student}: {difference}")
    if wrong:
        print(f"\n{wrong} of {len(expected)} sample submissions did not get what they must.")
    else:
        print(f"\nAll {len(expected)} sample submissions got exactly what they must.")
    return not wrong
