"""``replay``: play an exercise of a report again, with the student's code and from the report's seed, and show it.

Nothing is written: neither report nor grade changes. Exit status: 0 when the same points and checks come out, 1 when
others do, 2 when it cannot be done, as when the notebook has changed since.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.grade import add_unsandboxed
from autograder.course import Course, CourseError

if TYPE_CHECKING:
    from autograder.nbgrader_plugin.config import CourseApp
    from autograder.report.model import ExerciseReport


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser("replay", help="play an exercise of a report again, and show its runs")
    parser.add_argument("report", help="such as reports/ASSIGNMENT/ada.json, or the student's id")
    parser.add_argument("exercise", help="its name, which its solution cell has too")
    parser.add_argument("--assignment", help="of which the student's report is meant, where there are several")
    parser.add_argument(
        "--notebook", type=Path, help="what was graded, a notebook or its folder (default: what the student submitted)"
    )
    add_unsandboxed(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play, show the rubric and each run, and say whether the same comes out. Return the exit status.

    Raises:
        CourseError: when it cannot be done; the message says why.
    """
    from autograder import assignments
    from autograder.grading import replay
    from autograder.nbgrader_plugin.config import course_app
    from autograder.nbgrader_plugin.preprocessor import GradeInSimulator
    from autograder.report import json_form, text
    from autograder.report.sanitize import visible
    from autograder.submission.read import read_submission

    course = Course.find()
    path = _report_path(course, args.report, args.assignment).resolve()
    report = json_form.loads(path.read_text(encoding="ascii"))
    assignment = assignments.load(report.assignment)
    exercise = assignment.exercise(args.exercise)
    seed = replay.seed_of(report, exercise)
    notebook = args.notebook and args.notebook.resolve()
    with course_app(course) as app:
        settings = GradeInSimulator(parent=app).settings(assignment, unsandboxed=args.unsandboxed)
        folder = notebook or _submitted(app, assignment.name, path.stem)
        submission = read_submission(folder, assignment, course)
        if why := replay.why_not_the_same(report, submission, assignment, course, settings):
            again = f"Grade it first: python -m autograder grade {assignment.name}."
            raise CourseError(f"{exercise.name} of {folder} cannot be played again: {why} {again}")
    print(f"Playing {exercise.name} of {visible(str(folder))} again, from seed {seed}.\n", flush=True)
    after = replay.replay(report, exercise, submission, assignment, course, settings)
    print("\n\n".join([text.exercise(after), *map(text.run, after.runs)]))
    return _compared(next(one for one in report.exercises if one.name == exercise.name), after)


def _compared(before: "ExerciseReport", after: "ExerciseReport") -> int:
    from autograder.grading.replay import differences
    from autograder.report import words

    found = list(differences(before, after))
    if not found:
        print(f"\nThe same as in the report: {words.points(after.points, after.max_points)}, and each check as there.")
        return 0
    print("\n".join(["\nNot the same as in the report:", *(f"  {one}" for one in found)]))
    return 1


def _report_path(course: Course, report: str, assignment: str | None) -> Path:
    """Return where a report is, of which a path or a student's id is told."""
    from autograder.grading.store import FOLDER, Store

    if Path(report).is_file():
        return Path(report)
    folders = [folder.name for folder in sorted((course.root / FOLDER).glob("*")) if folder.is_dir()]
    names = [assignment] if assignment else folders
    paths = [Store(course.root / FOLDER, name).student_path(report) for name in names]
    match [path for path in paths if path.is_file()]:
        case [path]:
            return path
        case []:
            searched = ", ".join(f"{FOLDER}/{name}/" for name in names) or f"{FOLDER}/"
            raise CourseError(f"there is no report {report!r}, neither as a file nor of a student in {searched}")
        case several:
            found = ", ".join(path.parent.name for path in several)
            raise CourseError(f"{report} has reports of several assignments: {found}. Name one with --assignment.")


def _submitted(app: "CourseApp", assignment: str, name: str) -> Path:
    """Return the folder of the student whose report has this name."""
    from autograder.grading.store import file_name
    from autograder.nbgrader_plugin.submitted import submissions

    found = submissions(app.coursedir, assignment)
    folder = next((one.folder for one in found if file_name(one.student) == name), None)
    if folder is None:
        where = app.coursedir.submitted_directory
        raise CourseError(f"no student in {where}/ has the report {name}.json. Say with --notebook what was graded.")
    return folder
