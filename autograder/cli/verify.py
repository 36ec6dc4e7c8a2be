"""``verify``: whether a release is what the source gives, complete, unsolved, and free of what must not be in it.

The exercises' scenarios are made for many seeds, without the simulator.
"""

import argparse

from autograder.cli.arguments import add_assignment, chosen
from autograder.course import Course


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("verify", help="verify an assignment's release")
    add_assignment(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what is wrong and what to do about it. 0 when nothing is, else 1."""
    assignments = chosen(args)
    course = Course.find()
    from autograder.release.verify import points_by_hand, verify

    count = 0
    for assignment in assignments:
        faults = verify(course, assignment)
        for fault in faults:
            print(f"{fault.where}\n    {fault.what}\n    {fault.remedy}")
        counted = f"{len(faults)} fault{'s' * (len(faults) != 1)}" if faults else "the release is in order"
        print(f"{assignment.name}: {counted}")
        if not faults and (by_hand := points_by_hand(course, assignment)):
            print(f"{assignment.name}: {by_hand}")
        count += len(faults)
    return 1 if count else 0
