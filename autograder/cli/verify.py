"""``verify``: whether a release is what the source gives, complete, unsolved, and free of what must not be in it."""

import argparse

from autograder.course import Course


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("verify", help="verify an assignment's release")
    parser.add_argument("assignment", help="such as p2p_communication")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what is wrong and what to do about it. 0 when nothing is."""
    from autograder import exercises
    from autograder.release.verify import verify

    assignment = exercises.load(args.assignment)
    faults = verify(Course.find(), assignment)
    for fault in faults:
        print(f"{fault.where}\n    {fault.what}\n    {fault.remedy}")
    print(f"{assignment.name}: {len(faults)} faults" if faults else f"{assignment.name}: the release is in order")
    return 1 if faults else 0
