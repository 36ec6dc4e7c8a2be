"""The whole course as one page: a row for each student, a column for each assignment, and a link to each class page."""

import csv
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from autograder.report.class_report.model import ClassReport
from autograder.report.class_report.page import environment, policy, text_of
from autograder.report.spreadsheet import safe_cell


@dataclass(frozen=True)
class Column:
    """An assignment, and how the class did in it.

    Attributes:
        page: the name of its class page.
        mean: of the points; None when nobody has any.
    """

    name: str
    title: str
    page: str
    max_points: float
    submissions: int
    passed: int
    mean: float | None


@dataclass(frozen=True)
class Result:
    """The result of a student in an assignment.

    Attributes:
        verdict: empty where nothing was handed in.
        points: None where nothing was judged.
        feedback: a link to the feedback page; empty when there is none.
        why: the first thing to say when it has not full marks.
    """

    verdict: str = ""
    points: float | None = None
    feedback: str = ""
    why: str = ""


@dataclass(frozen=True)
class Row:
    """A student.

    Attributes:
        results: one for each assignment, in the same order.
    """

    student: str
    results: tuple[Result, ...]

    @property
    def points(self) -> float:
        """Return the points in all assignments."""
        return sum(one.points or 0.0 for one in self.results)


@dataclass(frozen=True)
class Overview:
    """The whole course.

    Attributes:
        absent: the names of those in the roster who have handed in nothing at all.
    """

    made: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    absent: tuple[str, ...] = ()

    @property
    def max_points(self) -> float:
        """Return the points that can be earned."""
        return sum(column.max_points for column in self.columns)

    @property
    def mean(self) -> float | None:
        """Return the mean of the points of those who have any."""
        judged = [row.points for row in self.rows if any(one.points is not None for one in row.results)]
        return statistics.fmean(judged) if judged else None


def overview(reports: Sequence[tuple[str, ClassReport]], absent: Sequence[str] = ()) -> Overview:
    """Return what there is to say about a course, by its assignments' titles and class reports.

    Args:
        absent: the names of those who have handed in nothing at all.
    """
    columns = tuple(
        Column(one.assignment, title, f"{one.assignment}.html", one.max_points, one.submissions, one.passed, one.mean)
        for title, one in reports
    )
    found = [{s.student: Result(s.verdict, s.points, s.feedback, s.reason) for s in one.students} for _, one in reports]
    students = sorted({student for results in found for student in results})
    rows = tuple(Row(student, tuple(results.get(student, Result()) for results in found)) for student in students)
    return Overview(reports[0][1].made if reports else "", columns, rows, tuple(absent))


def render(course: Overview) -> str:
    """Return the page."""
    style, script = text_of("page.css"), text_of("page.js")
    template = environment().get_template("course.html")
    return template.render(course=course, **policy(style, script))


def write_csv(course: Overview, file: TextIO) -> None:
    """Write one line for each student with the points of each assignment; what was not judged is empty.

    Those who have handed in nothing follow, without points.
    """
    writer = csv.writer(file)
    writer.writerow(["student", "points", "max_points", *(column.name for column in course.columns)])
    for row in course.rows:
        points = ["" if one.points is None else one.points for one in row.results]
        writer.writerow([safe_cell(row.student), row.points, course.max_points, *points])
    writer.writerows([safe_cell(name)] for name in course.absent)
