"""``release``: generate ``release/`` from ``source/``, as ``nbgrader generate_assignment --force`` does."""

import argparse

from autograder.course import Course


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("release", help="generate an assignment's release")
    parser.add_argument("assignment", help="such as p2p_communication")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Generate the release, and put the assignment into the gradebook."""
    from autograder import exercises
    from autograder.nbgrader_side.config import course_app
    from autograder.nbgrader_side.convert import generate

    assignment = exercises.load(args.assignment)
    course = Course.find()
    with course_app(course) as app:
        generate(app, assignment.name)
    print(f"{course.release(assignment.name).parent} is what students get.")
    return 0
