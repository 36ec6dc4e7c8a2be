"""``release``: generate ``release/`` from ``source/``, as ``nbgrader generate_assignment --force`` does."""

import argparse

from autograder.cli.arguments import add_assignment, chosen
from autograder.course import Course


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("release", help="generate an assignment's release, and tell the gradebook of it")
    add_assignment(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Generate releases, and put the assignments into the gradebook."""
    assignments = chosen(args)
    course = Course.find()
    from autograder.release.generate import release

    for assignment in assignments:
        print(f"{release(course, assignment.name)} is what students get.")
    print("The gradebook knows it too, as after nbgrader generate_assignment.")
    return 0
