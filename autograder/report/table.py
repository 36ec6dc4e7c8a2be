"""The table of a class: for the console, for a pipe, and as CSV."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.report import words
from autograder.report.change import FIRST
from autograder.report.grade import Grade, Part, for_a_person, stands, verdict_of
from autograder.report.model import ExerciseReport, Report, Verdict
from autograder.report.sanitize import columns, pad, visible
from autograder.report.spreadsheet import ENGLISH, Dialect, safe_cell

_COLOURS: dict[str, str] = {
    Verdict.PASSED: "green",
    Verdict.NOT_PASSED: "yellow",
    Verdict.INFRASTRUCTURE: "magenta",
}
"""What waits for a person is red."""

_JUDGED = (Verdict.PASSED, Verdict.NOT_PASSED)


@dataclass(frozen=True)
class Row:
    """A submission of the class.

    Attributes:
        student: the student's id as nbgrader knows it.
        grade: what the gradebook has; None when it has nothing.
        change: from what to what its grade changes, and why; empty when it does not.
        late: how late it is, in words; empty when it is in time.
    """

    student: str
    report: Report
    grade: Grade | None = None
    change: str = ""
    late: str = ""

    @property
    def verdict(self) -> str:
        """Return the grader's verdict, or for what else its grade waits."""
        return verdict_of(self.report, self.grade)

    @property
    def stands(self) -> bool:
        """Return whether there is nothing for a person to do before its grade is exported."""
        return stands(self.report, self.grade)

    @property
    def for_a_person(self) -> bool:
        """Return whether there is something for a person to look at."""
        return for_a_person(self.report, self.grade)


def reason(report: Report) -> str:
    """Return the first thing to say about a submission without full marks; else an empty string."""
    if report.problems and report.verdict not in _JUDGED:
        return report.problems[0].message
    for exercise in report.exercises:
        if said := _broke(exercise) or exercise.reason:
            return f"{exercise.name}: {said}"
    return report.problems[0].message if report.problems else ""


def _broke(exercise: ExerciseReport) -> str:
    """Return what broke in an exercise's run; the student is told to run it again."""
    return exercise.checks[0].seen if exercise.verdict is Verdict.INFRASTRUCTURE and exercise.checks else ""


def show(rows: Sequence[Row], file: TextIO | None = None, width: int | None = None) -> None:
    """Print the class table.

    On a terminal it is a coloured table that fits the width, with long reasons cut. Anywhere else it is plain text,
    one line a submission, columns aligned with spaces, reasons in full, so that ``grep`` and ``less`` work on it.

    Args:
        file: where to; the standard output by default.
        width: columns of the terminal; found out by default.
    """
    console = Console(file=file, width=width, highlight=False, emoji=False)
    if console.is_terminal:
        console.print(rich_table(rows))
    else:
        console.file.write(plain(rows))


def _header(rows: Sequence[Row]) -> list[str]:
    return ["student", *_graded(rows), "total", "verdict", *_seldom(rows), "notes", "reason"]


def _graded(rows: Sequence[Row]) -> list[str]:
    """Return the columns of points: all exercises of the class in the order in which they come up, then other cells."""
    exercises = (exercise.name for row in rows for exercise in row.report.exercises)
    return list(dict.fromkeys([*exercises, *(name for row in rows for name in _by_person(row))]))


def _by_person(row: Row) -> dict[str, Part]:
    """Return what is worth points and is no exercise, by name."""
    checked = {exercise.check_cell for exercise in row.report.exercises}
    return {part.name: part for part in (row.grade.parts if row.grade else ()) if part.name not in checked}


def _seldom(rows: Sequence[Row]) -> list[str]:
    """Return the columns that are left out when they have nothing to tell."""
    made = any(row.grade and row.grade.made_of for row in rows)
    changed = any(row.change and not row.change.endswith(FIRST) for row in rows)
    return [*(["made of"] if made else []), *(["change"] if changed else [])]


def _cells(row: Row, header: Sequence[str], graded: Iterable[str]) -> list[str]:
    seldom = {"made of": row.grade.made_of if row.grade else "", "change": row.change}
    return [
        visible(row.student, 40),
        *(_points(row, name) for name in graded),
        _total(row),
        row.verdict,
        *(visible(text, 200) or "-" for name, text in seldom.items() if name in header),
        _notes(row),
        visible(reason(row.report), 200),
    ]


def _total(row: Row) -> str:
    """Return points earned and possible, with a question mark while they are no grade."""
    if row.grade is None:
        return f"?/{words.number(row.report.max_points)}"
    return _of(row.grade.so_far, row.grade.max_points, sure=row.stands)


def _points(row: Row, name: str) -> str:
    """Return the points in an exercise, or in a cell that is none."""
    exercise = next((exercise for exercise in row.report.exercises if exercise.name == name), None)
    cell = exercise.check_cell if exercise else name
    part = row.grade.part(cell) if row.grade else None
    if part is None:
        return f"?/{words.number(exercise.max_points)}" if exercise else "-"
    return _of(part.points, part.max_points, sure=part.stands)


def _of(points: float | None, most: float, *, sure: bool) -> str:
    return f"{'' if points is None else words.number(points)}{'' if sure else '?'}/{words.number(most)}"


def _notes(row: Row) -> str:
    """Return how the code was isolated, the flags for a person to see, with exclamation marks, and how late it is."""
    kinds = dict.fromkeys(f"!{flag.kind}" for flag in row.report.flags)
    parts = (visible(row.report.isolation, 50), visible(" ".join(kinds), 60), row.late)
    return ", ".join(filter(None, parts)) or "-"


def rich_table(rows: Sequence[Row]) -> Table:
    """Return the class table for a terminal; a cell never takes more than one line."""
    header, graded = _header(rows), _graded(rows)
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for name in header:
        is_number = name in (*graded, "total")
        # Where the terminal is narrow, the reason gives way: of all columns rich shrinks those that may wrap.
        table.add_column(
            Text(visible(name, 20)),
            justify="right" if is_number else "left",
            no_wrap=name not in ("made of", "change", "reason"),
        )
    for row in rows:
        texts = [Text(cell, no_wrap=True, overflow="ellipsis") for cell in _cells(row, header, graded)]
        texts[len(graded) + 2].stylize(_COLOURS.get(row.verdict, "red"))
        table.add_row(*texts)
    return table


def plain(rows: Sequence[Row]) -> str:
    """Return the class table as plain text without colours or frames; ends with a line end."""
    header, graded = _header(rows), _graded(rows)
    lines = [header, *(_cells(row, header, graded) for row in rows)]
    widths = [max(columns(line[number]) for line in lines) for number in range(len(lines[0]))]
    return "".join("  ".join(map(pad, line, widths)).rstrip() + "\n" for line in lines)


NOT_HANDED_IN = "not handed in"
"""The words in the place of a verdict for whom the roster has and who has no submission."""


def write_csv(rows: Sequence[Row], file: TextIO, dialect: Dialect = ENGLISH, absent: Sequence[str] = ()) -> None:
    """Write one line for each submission: its grade and what that is made of, points of each check, verdict, reason.

    After them come those who have not handed in, without points.

    ``points`` is what an LMS gets, and empty while it waits for a person. Columns of checks are called
    ``<exercise>.<check>`` and have the points of the rubric; those of exercises, and of other cells that are worth
    points, have what counts. Open the file with ``newline=""``, in `autograder.report.spreadsheet.ENCODING`.
    Text comes from students, and spreadsheets run cells that look like formulas: a text that starts with ``=``, ``+``,
    ``-``, ``@``, a tab or a line end gets an apostrophe before it. Characters that would not be seen are spelled out.
    A submission that was not judged has empty points.
    """
    checks = list(dict.fromkeys(pair for row in rows for pair in _check_columns(row)))
    header = [
        "student",
        "verdict",
        "points",
        "max_points",
        *_MADE_OF,
        *checks,
        "late",
        "isolation",
        "reason",
        "flags",
        "problems",
    ]
    writer = csv.DictWriter(file, header, restval="", delimiter=dialect.delimiter, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: dialect.number(cell) for name, cell in _csv_row(row).items()})
    for name in absent:
        writer.writerow({"student": safe_cell(name), "verdict": NOT_HANDED_IN})


def _check_columns(row: Row) -> dict[str, float | str]:
    """Return points by column name, for each exercise and its checks, and for other cells that are worth points."""
    found: dict[str, float | str] = {}
    for exercise in row.report.exercises:
        judged = exercise.verdict in _JUDGED
        found[exercise.name] = _counted(row.grade.part(exercise.check_cell) if row.grade else None)
        for check in exercise.checks:
            found[f"{exercise.name}.{check.name}"] = check.points if judged else ""
    return found | {name: _counted(part) for name, part in _by_person(row).items()}


def _counted(part: Part | None) -> float | str:
    return "" if part is None or part.points is None or not part.stands else part.points


_MADE_OF = ("by_rubric", "by_hand", "extra_credit", "late_penalty", "state")


def _made_of(grade: Grade | None) -> dict[str, float | str]:
    """Return what the points are made of, by column name."""
    if grade is None:
        return {}
    return dict(
        zip(_MADE_OF, (grade.by_rubric, grade.by_hand, grade.extra, grade.penalty, str(grade.state)), strict=True)
    )


def _csv_row(row: Row) -> dict[str, float | str]:
    report, grade = row.report, row.grade
    return {
        "student": safe_cell(row.student),
        "verdict": str(report.verdict),
        "points": "" if grade is None or grade.points is None else grade.points,
        "max_points": report.max_points if grade is None else grade.max_points,
        **_made_of(grade),
        **_check_columns(row),
        "late": row.late,
        "isolation": safe_cell(report.isolation),
        "reason": safe_cell(reason(report)),
        "flags": safe_cell("; ".join(map(str, report.flags))),
        "problems": safe_cell("; ".join(problem.message for problem in report.problems)),
    }
