"""``package``: write an autograder of an assignment for a service that grades whenever a student hands something in.

Exit status: 0 when it was written, 2 when it could not be.
"""

import argparse
from pathlib import Path

from autograder.cli.arguments import add_assignment, chosen
from autograder.course import Course

_SERVICES = ("gradescope", "prairielearn")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("package", help="an autograder for Gradescope or PrairieLearn")
    add_assignment(parser)
    parser.add_argument("--for", dest="service", choices=_SERVICES, required=True, help="where it is to grade")
    parser.add_argument("--to", type=Path, required=True, help="the folder that it is written into")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the autograder of each assignment that was asked for, and say where it is.

    Raises:
        CourseError: when its folder is not empty, or the course folder lacks a part of an assignment.
        OSError: when it cannot be written.
    """
    from autograder.package.services import SERVICES
    from autograder.report.words import number

    course = Course.find()
    for assignment in chosen(args):
        most = number(sum(exercise.max_points for exercise in assignment.exercises))
        service = SERVICES[args.service]
        written = service.write(args.to.resolve() / f"{assignment.name}-{args.service}", course, assignment)
        print(f"{assignment.title}, for {service.TITLE}: {most} points.")
        for what, path in written:
            print(f"{what + ':':16}{path}")
    return 0
