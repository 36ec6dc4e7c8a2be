"""An external grader for PrairieLearn, in the form that its documentation of external grading describes.

A question (``info.json``, ``question.html``), and an image in whose container ``run_grader`` finds the student's files
in ``/grade/student`` and writes ``/grade/results/results.json``. The element ``pl-external-grader-results`` shows what
is in it. PrairieLearn takes no results of more than one megabyte.
"""

import json
import shutil
import uuid
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.package.contents import empty_folder, write_contents, write_template
from autograder.package.entries import Entry, entries, summary
from autograder.report import pictures, text, words
from autograder.report.model import Report, RunSummary, Verdict
from autograder.rubric.model import Assignment

TITLE = "PrairieLearn"
_WIDTH = 80
"""Columns of a text: its box does not break lines."""
_MOST_OF_RUNS = 600_000
"""Bytes of what is shown of all runs together, so that the rest has room."""
_TIMEOUT = 600
"""Seconds, the most that PrairieLearn allows. A run takes some ten, and more where there are few cores."""


def write(folder: Path, course: Course, assignment: Assignment) -> list[tuple[str, Path]]:
    """Write the question and what its image is built from into a folder. Return what is where.

    Raises:
        CourseError: when the folder is not empty, or the course folder lacks a part of the assignment.
        OSError: when it cannot be written.
    """
    image, question = empty_folder(folder) / "image", folder / "questions" / assignment.name
    write_contents(image, course, assignment)
    told = {"ASSIGNMENT": assignment.name, "TITLE": assignment.title}
    for name in ("Dockerfile", "run_grader"):
        write_template(f"prairielearn_{name}", image / name, told)
    write_template("prairielearn_question.html", question / "question.html", told)
    (question / "info.json").write_text(json.dumps(_info(assignment), indent=2) + "\n", encoding="utf-8")
    notebook = question / "clientFilesQuestion" / f"{assignment.name}.ipynb"
    notebook.parent.mkdir()
    shutil.copyfile(course.release(assignment.name), notebook)
    return [("question", question), ("its image", image)]


def _info(assignment: Assignment) -> dict[str, Any]:
    image = f"flare-p2p-course/{assignment.name.replace('_', '-')}"
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, image)),
        "title": assignment.title,
        "topic": "NVIDIA FLARE",
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {"image": image, "entrypoint": "/grader/run_grader", "timeout": _TIMEOUT},
    }


def results(report: Report, seconds: float) -> dict[str, Any]:
    """Return the content of ``results.json``. What could not be judged costs neither points nor an attempt."""
    if report.verdict is Verdict.INFRASTRUCTURE:
        return {"gradable": False, "format_errors": [words.INFRASTRUCTURE_NOTE]}
    if report.verdict is Verdict.NOT_GRADABLE:
        return {"gradable": False, "format_errors": [problem.message for problem in report.problems]}
    said = [*summary(report), ("seconds", words.number(seconds))]
    return {
        "gradable": True,
        "score": report.points / report.max_points,
        "message": text.lines(said, _WIDTH),
        "tests": _within_bounds(entries(report)),
    }


def _within_bounds(found: list[Entry]) -> list[dict[str, Any]]:
    """Return all entries, those of runs with picture and text as far as there is room."""
    tests, room = [], _MOST_OF_RUNS
    for entry in found:
        forms = _of_run(entry, entry.run) if entry.run else [_test(entry, text.lines(entry.said, _WIDTH))]
        test = next((form for form in forms if len(json.dumps(form)) <= room), forms[-1])
        room -= len(json.dumps(test)) if entry.run else 0
        tests.append(test)
    return tests


def _of_run(entry: Entry, run: RunSummary) -> list[dict[str, Any]]:
    """Return an entry of a run in several forms, the largest first."""
    picture, told = pictures.of_run(run), _test(entry, text.run(run, _WIDTH))
    drawn = [{**told, "images": [{"label": picture.said, "url": picture.url}]}] if picture else []
    return [*drawn, told, _test(entry, "There is no room left to show this run.")]


def _test(entry: Entry, message: str) -> dict[str, Any]:
    """Return an entry; what has no points is worth 0 of 0, without which PrairieLearn shows no points at all."""
    points, most = (entry.check.points, entry.check.max_points) if entry.check else (0, 0)
    return {"name": f"{entry.number} {entry.title}", "points": points, "max_points": most, "message": message}
