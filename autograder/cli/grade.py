"""``grade``: grade a class, from the submitted notebooks to the feedback pages and the lists of points.

Without a name, all assignments of which anything was handed in are graded, one after the other. For each:

1. Every submission is read, and those whose content was not graded before are graded in the simulator, some at once.
2. nbgrader's autograde takes the reports into the gradebook, and its feedback and export follow.
3. One table shows every submission, each with one line of reason, and says where everything is.

No submission is passed over in silence. One that cannot be graded (no notebook, not JSON, too large, a folder that
cannot be read or that nbgrader cannot take …) is in the table with its message and has *no* score, neither in the
gradebook nor in the lists: often the student only sent the wrong file, and that is for a person to decide. The same
holds for one during whose grading the simulator broke; it is tried again next time. What is wrong with a single cell
(it is missing, empty, no code, no Python …) is noted: the answer may be in another one, and other exercises count.

Exit status: 0 when all were graded, 1 when a person has to look at some, 2 when the command could not be carried out,
130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP. What was graded until then is kept, and the same command goes on
from there.
"""

import argparse
import contextlib
import difflib
import sys
from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from autograder.cli.arguments import add_assignment, chosen
from autograder.cli.jobs import add_jobs
from autograder.cli.signals import say, status_of
from autograder.course import CourseError
from autograder.nbgrader_plugin.lms_languages import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from autograder.cli.class_grading import ClassGrading
    from autograder.course import Course
    from autograder.grading.remote import RemoteGrader
    from autograder.nbgrader_plugin.config import CourseApp
    from autograder.rubric.model import Assignment

STOPPED = "\nStopped. What was graded is kept; the same command goes on from here."


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("grade", help="grade the submissions of a class")
    add_assignment(parser)
    add_jobs(parser)
    parser.add_argument("--force", action="store_true", help="grade also what was graded before")
    parser.add_argument(
        "--student", action="append", default=[], metavar="ID", help="grade this student only; can be given again"
    )
    parser.add_argument("--no-feedback", dest="feedback", action="store_false", help="write no feedback pages")
    parser.add_argument(
        "--language",
        choices=sorted(LANGUAGES),
        help="of your spreadsheets, and of the Moodle that imports the grades "
        f"(default: c.CourseList.language, else {DEFAULT})",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="write nothing; tell which grades would change, from what to what and why",
    )
    parser.add_argument("--cluster", metavar="ADDRESS", help="grade on the workers of this Dask scheduler, not here")
    add_unsandboxed(parser)
    parser.set_defaults(run=run)


def add_unsandboxed(parser: argparse.ArgumentParser) -> None:
    """Add the flag with which code that nobody has read is run where there is no sandbox."""
    parser.add_argument(
        "--unsandboxed", action="store_true", help="go on where there is no sandbox; see docs/security.md"
    )


def run(args: argparse.Namespace) -> int:
    """Grade a class; the exit status is in the module's description."""
    # These imports take seconds, which --help and the other commands need not wait for.
    from autograder.cli.lock import only_grading
    from autograder.course import Course
    from autograder.nbgrader_plugin.config import course_app

    try:
        assignments = chosen(args)
        course = Course.find()
        with only_grading(course), course_app(course) as app, _cluster(args.cluster) as remote:
            classes = [_class_of(args, app, course, one, remote) for one in assignments]
            students = {student: None for one in classes for student in one.students}
            if unknown := [student for student in args.student if student not in students]:
                return _usage(_not_there(unknown, students))
            if not students:
                whose = f" of {args.assignment}" if args.assignment else ""
                return _usage(f"there are no submissions{whose} in {app.coursedir.submitted_directory}/")
            done = [_graded(args, one) for one in classes if one.students]
            return 0 if all(done) else 1
    except KeyError as error:
        return _usage(error.args[0])
    except CourseError as error:
        return _usage(str(error))
    except KeyboardInterrupt as interrupt:
        say(STOPPED)
        return status_of(interrupt)


def _class_of(
    args: argparse.Namespace,
    app: "CourseApp",
    course: "Course",
    assignment: "Assignment",
    remote: "RemoteGrader | None",
) -> "ClassGrading":
    """Look at what was submitted of an assignment."""
    from autograder.cli.class_grading import ClassGrading
    from autograder.nbgrader_plugin.preprocessor import GradeInSimulator

    if args.language:
        app.config.CourseList.language = args.language
    settings = GradeInSimulator(parent=app).settings(
        assignment, unsandboxed=args.unsandboxed, remote=remote is not None
    )
    return ClassGrading(
        app,
        course,
        assignment,
        settings=settings,
        jobs=args.jobs,
        force=args.force,
        remote=remote,
        one_of_several=not args.assignment,
    )


def _graded(args: argparse.Namespace, grading: "ClassGrading") -> bool:
    """Grade a class and show its table. Return whether nothing is left for a person to look at."""
    students = [one for one in args.student if one in grading.students] or grading.students
    if args.student and students is grading.students:
        return True  # those that were named have not handed this one in
    result = grading.grade(students, feedback=args.feedback, dry_run=args.dry_run)
    if not args.assignment:
        print(f"\n{grading.assignment.title} ({grading.assignment.name})\n")
    result.show()
    return result.all_graded


def _cluster(address: str | None) -> "AbstractContextManager[RemoteGrader | None]":
    from autograder.grading.remote import dask_cluster

    return dask_cluster(address) if address else contextlib.nullcontext()


def _not_there(unknown: Collection[str], students: Collection[str]) -> str:
    close = [near for student in unknown for near in difflib.get_close_matches(student, students, 3)]
    meant = f" Did you mean {', '.join(map(repr, close))}?" if close else ""
    return f"there is no submission of {', '.join(map(repr, unknown))}.{meant}"


def _usage(message: str) -> int:
    print(f"autograder grade: {message}", file=sys.stderr)
    return 2
