"""``solve``: put a solution into a released notebook, which gives a solved notebook."""

import argparse
import io
import sys
from pathlib import Path

from autograder.course import Course, CourseError


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
        CourseError: when the solution cannot be used, or the output would end up among what students get.
    """
    from autograder import assignments

    name = assignments.load(args.assignment).name
    course = Course.find()
    parts = args.parts or course.solutions(name) / f"{name}.py"
    if args.output:
        _refuse_own_folders(args.output, course)
    text = solve(course.release(name), parts)
    if args.output:
        args.output.write_text(text, encoding="utf-8")
        print(f"{args.output} holds the solution of {parts}.")
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as a notebook is, whatever the locale
        sys.stdout.write(text)
    return 0


def solve(release: Path, parts: Path) -> str:
    """Return the text of a released notebook with a solution put in; the same text for the same files.

    Raises:
        CourseError: when one of the files cannot be used; the message names it.
    """
    import nbformat

    from autograder.release.notebook_file import read_notebook
    from autograder.submission.percent import put_parts, read_parts

    notebook = read_notebook(release)
    try:
        found = read_parts(parts.read_text(encoding="utf-8"))
        solved = put_parts(notebook, found)
    except OSError as error:
        raise CourseError(f"{parts} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{parts} is no text in UTF-8. A solution is a Python file in percent format.") from error
    except ValueError as error:
        raise CourseError(f"{parts}: {error}.") from error
    if not found:
        raise CourseError(f"{parts} has no parts. Each begins with a line such as: # %% [grade_id]")
    return str(nbformat.writes(solved)) + "\n"


def _refuse_own_folders(output: Path, course: Course) -> None:
    target = output.resolve()
    for folder in ("release", "source"):
        if target.is_relative_to((course.root / folder).resolve()):
            raise CourseError(f"{output} is in {folder}/, where no solution may be. Choose another place.")
