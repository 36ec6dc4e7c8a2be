"""``feedback``: the feedback pages of a class as archives that Moodle or Canvas gives back to the students.

Exit status: 0 when every submission's page is in one, 1 when some are left out, 2 when there is none at all.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.arguments import add_assignment, chosen
from autograder.cli.jobs import at_least_one
from autograder.course import Course, CourseError

if TYPE_CHECKING:
    from autograder.nbgrader_plugin.config import CourseApp

_LARGEST = 50
_MIB = 1 << 20


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("feedback", help="the feedback pages as archives for Moodle or Canvas")
    add_assignment(parser)
    parser.add_argument("--for", dest="lms", choices=("moodle", "canvas"), required=True, help="who gives them back")
    parser.add_argument("--to", type=Path, help="the folder for the archives (default: the course folder)")
    parser.add_argument(
        "--megabytes",
        type=at_least_one,
        default=_LARGEST,
        help=f"the largest archive that the LMS takes; more pages make more archives (default: {_LARGEST})",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the archives, and say where they are and who is left out. Return the exit status.

    Raises:
        CourseError: when there is no page, or it cannot be told whose they are.
        OSError: when an archive cannot be written.
    """
    from autograder.nbgrader_plugin.config import course_app
    from autograder.nbgrader_plugin.submitted import submissions

    assignments = chosen(args)
    course = Course.find()
    folder = (args.to or course.root).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with course_app(course) as app:
        handed_in = [one.name for one in assignments if args.assignment or submissions(app.coursedir, one.name)]
        if not handed_in:
            raise CourseError(f"there are no submissions in {app.coursedir.submitted_directory}/.")
        all_there = [_write(app, name, args.lms, folder, args.megabytes * _MIB) for name in handed_in]
    return 0 if all(all_there) else 1


def _write(app: "CourseApp", assignment: str, lms: str, folder: Path, largest: int) -> bool:
    """Write an assignment's archives. Return whether nobody is left out."""
    from autograder.nbgrader_plugin.lms_feedback import pages_for, write_archives
    from autograder.report.sanitize import visible

    pages = pages_for(lms, app, assignment)
    left_out = [f"  {visible(student)}: {why}" for student, why in pages.left_out]
    if not pages.pages:
        raise CourseError(f"no page of {assignment} can be given back by {lms}: " + ("; ".join(left_out) or "no one"))
    paths = write_archives(pages.pages, folder, f"{assignment}-feedback-{lms}", largest)
    print(f"{assignment}: {len(pages.pages)} pages for {lms.capitalize()}, {len(left_out)} left out.")
    print("\n".join([*map(str, paths), *left_out]))
    return not left_out
