"""An autograder for Gradescope, in the form that its documentation of autograders describes.

An archive with ``setup.sh``, which Gradescope runs once, as root, when it builds an image, and ``run_autograder``,
which it runs for each submission, with the submission in ``/autograder/submission``. What that is worth is written to
``/autograder/results/results.json``. All that ``run_autograder`` prints only instructors see.
"""

import shutil
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.package.contents import empty_folder, write_contents, write_template
from autograder.package.entries import Entry, entries, summary
from autograder.report import html
from autograder.report.model import Report, Verdict
from autograder.rubric.model import Assignment

TITLE = "Gradescope"


def write(folder: Path, course: Course, assignment: Assignment) -> list[tuple[str, Path]]:
    """Write the autograder of an assignment into a folder, and the archive beside it. Return what is where.

    Raises:
        CourseError: when the folder is not empty, or the course folder lacks a part of the assignment.
        OSError: when it cannot be written.
    """
    inside = empty_folder(folder)
    write_contents(inside, course, assignment)
    for name in ("setup.sh", "run_autograder"):
        write_template(f"gradescope_{name}", inside / name, {"ASSIGNMENT": assignment.name})
    archive = shutil.make_archive(str(folder), "zip", inside)
    return [("autograder", folder), ("to upload", Path(archive))]


def results(report: Report, seconds: float) -> dict[str, Any] | None:
    """Return the content of ``results.json``; None when the run broke, which is nobody's grade.

    Gradescope then says that the autograder failed, and it can be run again.
    """
    if report.verdict is Verdict.INFRASTRUCTURE:
        return None
    return {
        "score": report.points,
        "execution_time": round(seconds, 1),
        "output": html.lines(summary(report)),
        "output_format": "html",
        "visibility": "visible",
        "tests": [_test(entry) for entry in entries(report)],
    }


def _test(entry: Entry) -> dict[str, Any]:
    shown = {
        "number": entry.number,
        "name": entry.title,
        "name_format": "text",
        "output": html.run(entry.run) if entry.run else html.lines(entry.said),
        "output_format": "html",
    }
    if entry.check is None:
        return shown
    status = "passed" if entry.check.verdict is Verdict.PASSED else "failed"
    return {**shown, "score": entry.check.points, "max_score": entry.check.max_points, "status": status}
