"""``report``: the class at a glance, from the reports that grading has kept. Nothing is graded.

It writes one HTML page, and the same as JSON and CSV beside it, into ``class-report/`` of the course folder; without a
name one for each assignment, and a page on the whole course, with a row for each student. Exit
status: 0 when they were written, 2 when they could not be.
"""

import argparse
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

from autograder.cli.arguments import add_assignment, chosen
from autograder.course import Course, CourseError
from autograder.report.sanitize import visible
from autograder.report.spreadsheet import ENCODING

if TYPE_CHECKING:
    from autograder.nbgrader_plugin.config import CourseApp
    from autograder.nbgrader_plugin.submitted import Submitted
    from autograder.report.class_report.model import ClassReport
    from autograder.rubric.model import Assignment

FOLDER = "class-report"
"""The place of the pages in a course folder."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("report", help="the class at a glance, as one page")
    add_assignment(parser)
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="compare the code with an earlier class's too: its course folder or submitted/; can be given again",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the page and its data, and say where they are.

    Raises:
        CourseError: when nothing was handed in or graded, or the course folder lacks a part.
    """
    from autograder.nbgrader_plugin.config import course_app
    from autograder.nbgrader_plugin.submitted import submissions

    assignments = chosen(args)
    course = Course.find()
    with course_app(course) as app:
        if not args.assignment:  # of all assignments, those of which anything was handed in
            assignments = [one for one in assignments if submissions(app.coursedir, one.name)]
            if not assignments:
                raise CourseError(f"there are no submissions in {app.coursedir.submitted_directory}/.")
        write_pages(app, course, assignments, whole=not args.assignment, against=args.against)
    return 0


def write_pages(
    app: "CourseApp",
    course: Course,
    assignments: "Sequence[Assignment]",
    *,
    whole: bool,
    against: Sequence[Path] = (),
) -> None:
    """Write the page of each assignment, and one on the whole course if that is asked for; say where they are.

    Args:
        against: folders of earlier classes, with whose code that of this one is compared.

    Raises:
        CourseError: as `run`.
    """
    reports = [(assignment, class_report(app, course, assignment, against)) for assignment in assignments]
    for assignment, report in reports:
        pages = _write(report, course.root / FOLDER)
        left = len(report.attention)
        looked = f"; {left} for you to look at" if left else ""
        of = f"{assignment.title}: " if whole else ""
        print(f"{of}{report.submissions} submissions, {report.judged} judged{looked}.")
        if report.absent:
            print(f"Not handed in: {'; '.join(visible(name, 80) for name in report.absent)}")
        for what, path in pages:
            print(f"{what + ':':16}{path}")
    if whole:
        for what, path in _write_course(course, reports):
            print(f"{what + ':':16}{path}")


def class_report(
    app: "CourseApp", course: Course, assignment: "Assignment", against: Sequence[Path] = ()
) -> "ClassReport":
    """Return what there is to say about the class of a course folder.

    Raises:
        CourseError: as `run`.
    """
    from autograder.cli.likeness import likeness
    from autograder.grading import store
    from autograder.nbgrader_plugin.grades import class_grades
    from autograder.nbgrader_plugin.lateness import lateness
    from autograder.nbgrader_plugin.submitted import submissions
    from autograder.report.class_report import view
    from autograder.report.class_report.model import Member
    from autograder.roster.class_list import ClassList

    name = assignment.name
    kept = store.Store(course.root / store.FOLDER, name)
    submitted = submissions(app.coursedir, name)
    of_class = ClassList.read(course.root, name, [one.student for one in submitted])
    late = lateness(app, course, of_class, submitted)
    grades = class_grades(app.coursedir.db_url, name)
    members = [
        Member(
            one.student,
            kept.of_student(one.student),
            grades.get(one.student),
            _feedback(app, course, name, one),
            late=late.get(one.student, ""),
        )
        for one in submitted
    ]
    if not members:
        raise CourseError(f"there are no submissions of {name} in {app.coursedir.submitted_directory}/.")
    if not any(member.report for member in members):
        raise CourseError(f"nothing was graded yet. Run first: python -m autograder grade {name}")
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    return view.class_report(name, members, likeness(submitted, course, assignment, against), made, of_class.absent)


def _feedback(app: "CourseApp", course: Course, assignment: str, one: "Submitted") -> str:
    """Return a link to a student's feedback page, relative to ours; empty when there is none."""
    directory = app.coursedir
    folder = directory.format_path(directory.feedback_directory, one.student, assignment)
    page = Path(course.root, folder, f"{assignment}.html")
    try:
        if not page.is_file():
            return ""
    except OSError:  # in a folder that may not be read
        return ""
    return quote_from_bytes(os.fsencode(os.path.relpath(page, course.root / FOLDER)))


def _write_course(course: Course, reports: "Sequence[tuple[Assignment, ClassReport]]") -> list[tuple[str, Path]]:
    """Write the page on all assignments, from which the pages of each can be reached."""
    from autograder.report.class_report import course_page
    from autograder.roster.class_list import absent_from_all

    students = sorted({one.student for _, report in reports for one in report.students})
    absent = absent_from_all(course.root, [assignment.name for assignment, _ in reports], students)
    overview = course_page.overview([(assignment.title, report) for assignment, report in reports], absent)
    folder = course.root / FOLDER
    html, table = folder / "index.html", folder / "course.csv"
    html.write_text(course_page.render(overview), encoding="utf-8")
    with table.open("w", encoding=ENCODING, newline="") as file:
        course_page.write_csv(overview, file)
    return [("whole course", html), ("as CSV", table)]


def _write(report: "ClassReport", folder: Path) -> list[tuple[str, Path]]:
    from autograder.report.class_report import data, page

    folder.mkdir(exist_ok=True)
    html, json, table = (folder / f"{report.assignment}.{ending}" for ending in ("html", "json", "csv"))
    html.write_text(page.render(report), encoding="utf-8")
    json.write_text(data.dumps(report), encoding="ascii")
    with table.open("w", encoding=ENCODING, newline="") as file:
        data.write_csv(report, file)
    return [("class page", html), ("as JSON", json), ("as CSV", table)]
