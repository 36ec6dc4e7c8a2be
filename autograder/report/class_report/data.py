"""The class at a glance for other programs: everything as JSON, and the heat map as CSV."""

import csv
import json
from dataclasses import asdict
from typing import TextIO

from autograder.report.class_report.model import ClassReport, Student
from autograder.report.spreadsheet import safe_cell
from autograder.report.table import NOT_HANDED_IN

VERSION = 2
"""Raised with every change that a reader of the JSON has to know about."""


def dumps(report: ClassReport) -> str:
    """Return all of it as JSON, named as in the data model; ASCII only."""
    return json.dumps({"version": VERSION, **asdict(report)}, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def write_csv(report: ClassReport, file: TextIO) -> None:
    """Write one line for each student with the points of each check; what was not judged is empty.

    After them come those who have not handed in.

    Open the file with ``newline=""``, in `autograder.report.spreadsheet.ENCODING`. No text is taken for a formula.
    """
    names = [f"{check.exercise}.{check.name}" for check in report.checks]
    writer = csv.writer(file)
    writer.writerow(
        [
            "student",
            "verdict",
            "points",
            "max_points",
            "made_of",
            *names,
            "reason",
            "isolation",
            "flags",
            "problems",
            "alike",
            "feedback",
            "late",
        ]
    )
    writer.writerows(_line(student) for student in report.students)
    writer.writerows([safe_cell(name), NOT_HANDED_IN] for name in report.absent)


def _line(student: Student) -> list[str | float]:
    points: list[str | float] = ["" if cell.points is None else cell.points for cell in student.cells]
    texts = (
        student.reason,
        student.isolation,
        "; ".join(student.flags),
        "; ".join(student.problems),
        "; ".join(student.alike),
        student.feedback,
        student.late,
    )
    return [
        safe_cell(student.student),
        student.verdict,
        "" if student.points is None else student.points,
        student.max_points,
        safe_cell(student.made_of),
        *points,
        *map(safe_cell, texts),
    ]
