"""``report``: the class at a glance, from the reports that grading has kept. Nothing is graded.

It writes one HTML page, and the same as JSON and CSV beside it, into ``class-report/`` of the course folder; without a
name one for each assignment, and a page on the whole course, with a row for each student. Exit
status: 0 when they were written, 2 when they could not be.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

from autograder.cli.arguments import add_assignment, chosen
from autograder.course import Course, CourseError
from autograder.report.sanitize import visible
from autograder.report.spreadsheet import ENCODING

if TYPE_CHECKING:
    import ast

    from autograder.nbgrader_plugin.config import CourseApp
    from autograder.nbgrader_plugin.submitted import Submitted
    from autograder.report.class_report.model import ClassReport, Likeness
    from autograder.rubric.model import Assignment
    from autograder.submission.model import Submission

FOLDER = "class-report"
"""The place of the pages in a course folder."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("report", help="the class at a glance, as one page")
    add_assignment(parser)
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
        write_pages(app, course, assignments, whole=not args.assignment)
    return 0


def write_pages(app: "CourseApp", course: Course, assignments: "Sequence[Assignment]", *, whole: bool) -> None:
    """Write the page of each assignment, and one on the whole course if that is asked for; say where they are.

    Raises:
        CourseError: as `run`.
    """
    reports = [(assignment, class_report(app, course, assignment)) for assignment in assignments]
    for assignment, report in reports:
        pages = _write(report, course.root / FOLDER)
        left = len({one.student for one in report.attention})
        looked = f"; {left} for you to look at" if left else ""
        of = f"{assignment.title}: " if whole else ""
        print(f"{of}{report.submissions} submissions, {report.judged} judged{looked}.")
        if report.absent:
            print(f"Not handed in: {', '.join(visible(name, 80) for name in report.absent)}")
        for what, path in pages:
            print(f"{what + ':':16}{path}")
    if whole:
        for what, path in _write_course(reports, course.root / FOLDER):
            print(f"{what + ':':16}{path}")


def class_report(app: "CourseApp", course: Course, assignment: "Assignment") -> "ClassReport":
    """Return what there is to say about the class of a course folder.

    Raises:
        CourseError: as `run`.
    """
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
    return view.class_report(name, members, _likeness(submitted, course, assignment), made, of_class.absent)


def _feedback(app: "CourseApp", course: Course, assignment: str, one: "Submitted") -> str:
    """Return a link to a student's feedback page, relative to ours; empty when there is none."""
    directory = app.coursedir
    folder = directory.format_path(directory.feedback_directory, one.student, assignment)
    page = Path(course.root, folder, f"{assignment}.html")
    if not page.is_file():
        return ""
    return quote_from_bytes(os.fsencode(os.path.relpath(page, course.root / FOLDER)))


def _likeness(submitted: "Sequence[Submitted]", course: Course, assignment: "Assignment") -> "Likeness":
    """Return how alike the solution cells of the class are."""
    from autograder import similarity
    from autograder.release.notebook_file import read_notebook
    from autograder.report.class_report.model import Group, Likeness
    from autograder.submission.read import from_notebook, read_submission

    stub = from_notebook(read_notebook(course.release(assignment.name)), assignment)
    read = {one.student: read_submission(one.folder, assignment, course) for one in submitted if not one.refused}
    names = [exercise.name for exercise in assignment.exercises]
    found = similarity.compare({student: _trees(one, names) for student, one in read.items()}, _trees(stub, names))
    groups, common = (
        tuple(Group(one.students, one.likeness, one.cells) for one in alike) for alike in (found.groups, found.common)
    )
    return Likeness(groups, common, found.compared, found.threshold, found.left_out)


def _trees(submission: "Submission", names: "Sequence[str]") -> "Mapping[str, ast.Module]":
    """Return the syntax trees of the solution cells that Python can read. A cell that was split is one again."""
    from autograder.submission.python_code import Unreadable, parse

    sources = {name: "\n".join(cell.source for cell in submission.cells if cell.grade_id == name) for name in names}
    trees = {name: parse(source) for name, source in sources.items() if source}
    return {name: tree for name, tree in trees.items() if not isinstance(tree, Unreadable)}


def _write_course(reports: "Sequence[tuple[Assignment, ClassReport]]", folder: Path) -> list[tuple[str, Path]]:
    """Write the page on all assignments, from which the pages of each can be reached."""
    from autograder.report.class_report import course_page

    overview = course_page.overview([(assignment.title, report) for assignment, report in reports])
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
