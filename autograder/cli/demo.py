"""``demo``: from nothing to a graded sample class.

Makes a course folder, generates the releases in it, hands in sample submissions and some that cannot be graded, grades
all of them, and compares the table with what each sample must get. Of a named assignment all samples are handed in.
Without a name it is one class that does the whole course: each student hands in a sample of each assignment, so that in
each of them every check costs somebody points.

Exit status: 0 when all are as they should be, 1 when some are not, 2 when the command could not be carried out, 130
after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP. The same command goes on from where it was; when nothing has changed
it only looks.
"""

import argparse
import math
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.arguments import add_assignment, chosen
from autograder.cli.grade import STOPPED, add_unsandboxed
from autograder.cli.jobs import add_jobs
from autograder.cli.signals import say, status_of
from autograder.course import Course, CourseError

if TYPE_CHECKING:
    from autograder.cli.class_grading import ClassResult
    from autograder.cli.sample_class import Expected
    from autograder.nbgrader_plugin.config import CourseApp
    from autograder.report.table import Row
    from autograder.rubric.model import Assignment

FOLDER = "demo"
_A_MINUTE = 20
"""Submissions that an idle core grades in a minute, roughly: see docs/performance.md."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("demo", help="grade a sample class")
    add_assignment(parser)
    parser.add_argument("--folder", type=Path, help=f"where to (default: {FOLDER}/ in the course folder)")
    add_jobs(parser)
    add_unsandboxed(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Grade the sample class; the exit status is in the module's description."""
    try:
        checkout = Course.find()
        folder = args.folder or checkout.root / FOLDER
        assignments = [one for one in chosen(args) if args.assignment or checkout.samples(one.name).is_dir()]
        if not assignments:
            raise CourseError(
                f"There are no sample submissions in {checkout.samples('')}: run this in the course's own folder."
            )
        _announce(assignments, checkout, folder, one_class=not args.assignment)
        graded = grade_samples(
            assignments, checkout, folder, args.jobs, unsandboxed=args.unsandboxed, one_class=not args.assignment
        )
    except KeyError as error:
        print(f"autograder demo: {error.args[0]}", file=sys.stderr)
        return 2
    except CourseError as error:
        print(f"autograder demo: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        say(STOPPED)
        return status_of(interrupt)
    for assignment, result, _ in graded:
        if not args.assignment:
            print(f"\n{assignment.title} ({assignment.name})\n")
        result.show()
    if not args.assignment:
        _show_course([assignment for assignment, _, _ in graded], Course(folder.resolve()))
    right = [tell_differences(result.rows, expected) for _, result, expected in graded]
    return 0 if all(right) else 1


def _announce(assignments: "Sequence[Assignment]", checkout: Course, folder: Path, *, one_class: bool) -> None:
    """Say at once what is going to be done, and roughly for how long: what follows imports for seconds."""
    from autograder.cli.sample_class import STUDENTS

    samples = [len(list(checkout.samples(one.name).glob("*/*/expected.toml"))) for one in assignments]
    count = sum(min(number, len(STUDENTS)) if one_class else number for number in samples)
    cores = len(os.sched_getaffinity(0))
    minutes = math.ceil(count / (_A_MINUTE * cores))
    say(
        f"{'Up to ' * one_class}{count} sample submissions of {', '.join(one.name for one in assignments)} are graded "
        f"in the real simulator, in {folder}. An idle core grades about {_A_MINUTE} a minute, so {cores} of them take "
        f"about {minutes} minute{'s' * (minutes != 1)}. What was graded before is only looked at."
    )


def grade_samples(
    assignments: "Sequence[Assignment]",
    checkout: Course,
    folder: Path,
    jobs: int | None,
    *,
    unsandboxed: bool = False,
    one_class: bool = False,
) -> "list[tuple[Assignment, ClassResult, dict[str, Expected]]]":
    """Make the course folder, hand in the samples and grade them.

    Args:
        one_class: whether each student hands in a sample of every assignment; else each sample is a student's.

    Raises:
        CourseError: when the folder or the checkout is not fit for it, or there is no sandbox.
    """
    # These imports take seconds, which --help and the other commands need not wait for.
    from autograder.assignments import load_in
    from autograder.cli.class_grading import ClassGrading
    from autograder.cli.lock import only_grading
    from autograder.cli.sample_class import choose_samples, copy_course, hand_in
    from autograder.nbgrader_plugin.config import course_app
    from autograder.simulator.run_settings import RunSettings

    settings = {one.name: RunSettings.for_grading(unsandboxed=unsandboxed, limits=one.limits) for one in assignments}
    course = copy_course(checkout, folder)
    graded = []
    with only_grading(course), course_app(course) as app:
        for one in assignments:
            _generate(app, one.name, course)
            expected = hand_in(course, checkout, one.name, choose_samples if one_class else None)
            print(f"{len(expected)} submissions are in {course.root / 'submitted'}", file=sys.stderr)
            grading = ClassGrading(
                app,
                course,
                load_in(course, one.name),
                settings=settings[one.name],
                jobs=jobs,
                force=False,
                one_of_several=one_class,
            )
            graded.append((one, grading.grade(grading.students), expected))
    return graded


def _generate(app: "CourseApp", assignment: str, course: Course) -> None:
    """Generate a release in the sample class's folder.

    Raises:
        CourseError: when it cannot be; the message says what to do if that is for what was graded there before.
    """
    from autograder.nbgrader_plugin import convert
    from autograder.nbgrader_plugin.trouble import GradebookTrouble

    try:
        convert.generate(app, assignment)
    except GradebookTrouble:
        raise
    except CourseError as error:
        if not (course.root / "submitted").is_dir():
            raise
        raise CourseError(
            f"{error}. The sample class in {course.root} was graded with another source/{assignment}/, whose cells "
            "nbgrader does not replace once there are submissions. If nothing there is yours, remove that folder; "
            "else name another one with --folder. Then give this command again."
        ) from error


def _show_course(assignments: "Sequence[Assignment]", course: Course) -> None:
    """Write the pages on the class, and say where they are."""
    from autograder.cli.report import write_pages
    from autograder.nbgrader_plugin.config import course_app

    print()
    with course_app(course) as app:
        write_pages(app, course, assignments, whole=True)


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
