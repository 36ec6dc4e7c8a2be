"""``solve``: put a solution into a released notebook, which gives a solved notebook."""

import argparse
import io
import sys
from pathlib import Path

from autograder.course import Course, CourseError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("solve", help="put a solution into a released notebook")
    parser.add_argument("assignment", help="its name, which its folder has too")
    parser.add_argument("--parts", type=Path, help="the solution in percent format (default: the model answer)")
    parser.add_argument("-o", "--output", type=Path, help="the solved notebook (default: standard output)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the solved notebook.

    Raises:
        CourseError: when the solution cannot be used, or the output would end up among what students get.
    """
    import nbformat

    from autograder import assignments
    from autograder.release.solution_file import solved_notebook

    name = assignments.load(args.assignment).name
    course = Course.find()
    if args.output:
        _refuse_own_folders(args.output, course)
    text = str(nbformat.writes(solved_notebook(course, name, args.parts))) + "\n"
    if args.output:
        args.output.write_text(text, encoding="utf-8")
        print(f"{args.output} holds {f'the solution of {args.parts}' if args.parts else 'the model answer'}.")
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as a notebook is, whatever the locale
        sys.stdout.write(text)
    return 0


def _refuse_own_folders(output: Path, course: Course) -> None:
    target = output.resolve()
    for folder in ("release", "source"):
        if target.is_relative_to((course.root / folder).resolve()):
            raise CourseError(f"{output} is in {folder}/, where no solution may be. Choose another place.")
