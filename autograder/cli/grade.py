"""``grade``: grade a class, from the submitted notebooks to the feedback pages and the lists of points.

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

from autograder.cli.jobs import add_jobs
from autograder.cli.signals import say, status_of
from autograder.course import CourseError

if TYPE_CHECKING:
    from autograder.grading.remote import Elsewhere

STOPPED = "\nStopped. What was graded is kept; the same command goes on from here."


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("grade", help="grade the submissions of a class")
    parser.add_argument("assignment", help="such as p2p_communication")
    add_jobs(parser)
    parser.add_argument("--force", action="store_true", help="grade also what was graded before")
    parser.add_argument(
        "--student", action="append", default=[], metavar="ID", help="grade this student only; can be given again"
    )
    parser.add_argument("--no-feedback", dest="feedback", action="store_false", help="write no feedback pages")
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
    from autograder import assignments
    from autograder.cli.class_grading import ClassGrading
    from autograder.cli.lock import only_grading
    from autograder.course import Course
    from autograder.nbgrader_plugin.config import course_app
    from autograder.nbgrader_plugin.preprocessor import GradeInSimulator

    try:
        assignment = assignments.load(args.assignment)
        course = Course.find()
        with only_grading(course), course_app(course) as app, _cluster(args.cluster) as elsewhere:
            conditions = GradeInSimulator(parent=app).conditions(
                assignment, unsandboxed=args.unsandboxed, elsewhere=elsewhere is not None
            )
            grading = ClassGrading(
                app,
                course,
                assignment,
                conditions=conditions,
                jobs=args.jobs,
                force=args.force,
                elsewhere=elsewhere,
            )
            if unknown := [student for student in args.student if student not in grading.students]:
                return _usage(_not_there(unknown, grading.students))
            if not grading.students:
                return _usage(f"there are no submissions of {assignment.name} in {app.coursedir.submitted_directory}/")
            result = grading.grade(args.student or grading.students, feedback=args.feedback)
            result.show()
            return 0 if result.all_graded else 1
    except KeyError as error:
        return _usage(error.args[0])
    except CourseError as error:
        return _usage(str(error))
    except KeyboardInterrupt as interrupt:
        say(STOPPED)
        return status_of(interrupt)


def _cluster(address: str | None) -> "AbstractContextManager[Elsewhere | None]":
    from autograder.grading.remote import dask_cluster

    return dask_cluster(address) if address else contextlib.nullcontext()


def _not_there(unknown: Collection[str], students: Collection[str]) -> str:
    close = [near for student in unknown for near in difflib.get_close_matches(student, students, 3)]
    meant = f" Did you mean {', '.join(map(repr, close))}?" if close else ""
    return f"there is no submission of {', '.join(map(repr, unknown))}.{meant}"


def _usage(message: str) -> int:
    print(f"autograder grade: {message}", file=sys.stderr)
    return 2
