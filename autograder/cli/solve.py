"""``solve``: put a solution into a released notebook, which gives a solved notebook."""

import argparse
import sys
from pathlib import Path

from autograder.course import Course


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("solve", help="put a solution into a released notebook")
    parser.add_argument("assignment", help="such as p2p_communication")
    parser.add_argument("--parts", type=Path, help="the solution in percent format (default: the model answer)")
    parser.add_argument("-o", "--output", type=Path, help="the solved notebook (default: standard output)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the solved notebook.

    Raises:
        ValueError: when the solution is not in percent format or names a cell that the notebook does not have.
    """
    import nbformat

    from autograder import exercises
    from autograder.submission.percent import put_parts, read_parts

    assignment = exercises.load(args.assignment)
    course = Course.find()
    parts = args.parts or course.solutions(assignment.name) / f"{assignment.name}.py"
    notebook = nbformat.read(course.release(assignment.name), as_version=4)
    text = nbformat.writes(put_parts(notebook, read_parts(parts.read_text(encoding="utf-8")))) + "\n"
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0
