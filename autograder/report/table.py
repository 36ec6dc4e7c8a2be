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
from autograder.report.model import ExerciseReport, Report, Verdict
from autograder.report.sanitize import columns, pad, visible
from autograder.report.spreadsheet import ENGLISH, Dialect, safe_cell

_COLOURS = {
    Verdict.PASSED: "green",
    Verdict.NOT_PASSED: "yellow",
    Verdict.INFRASTRUCTURE: "magenta",
    Verdict.NOT_GRADABLE: "red",
}
_JUDGED = (Verdict.PASSED, Verdict.NOT_PASSED)


@dataclass(frozen=True)
class Row:
    """A submission of the class.

    Attributes:
        student: the student's id as nbgrader knows it.
        late: how late it is, in words; empty when it is in time.
    """

    student: str
    report: Report
    late: str = ""


def reason(report: Report) -> str:
    """Return the first thing to say about a submission without full marks; else an empty string."""
    if report.problems and report.verdict not in _JUDGED:
        return report.problems[0]
    for exercise in report.exercises:
        if said := _broke(exercise) or exercise.reason:
            return f"{exercise.name}: {said}"
    return report.problems[0] if report.problems else ""


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
    return ["student", *_exercises(rows), "total", "verdict", "notes", "reason"]


def _exercises(rows: Sequence[Row]) -> list[str]:
    """Return the names of all exercises of the class, in the order in which they come up."""
    return list(dict.fromkeys(exercise.name for row in rows for exercise in row.report.exercises))


def _cells(row: Row, exercises: Iterable[str]) -> list[str]:
    by_name = {exercise.name: exercise for exercise in row.report.exercises}
    return [
        visible(row.student, 40),
        *(_points(by_name.get(name)) for name in exercises),
        _total(row.report),
        str(row.report.verdict),
        _notes(row),
        visible(reason(row.report), 200),
    ]


def _total(report: Report) -> str:
    """Return points earned and possible, with a question mark while an exercise is not judged."""
    judged = all(exercise.verdict in _JUDGED for exercise in report.exercises) and report.verdict in _JUDGED
    return f"{words.number(report.points)}{'' if judged else '?'}/{words.number(report.max_points)}"


def _points(exercise: ExerciseReport | None) -> str:
    if exercise is None:
        return "-"
    if exercise.verdict not in _JUDGED:
        return f"?/{words.number(exercise.max_points)}"
    return f"{words.number(exercise.points)}/{words.number(exercise.max_points)}"


def _notes(row: Row) -> str:
    """Return how the code was isolated, the flags for a person to see, with exclamation marks, and how late it is."""
    kinds = dict.fromkeys(f"!{flag.kind}" for flag in row.report.flags)
    parts = (visible(row.report.isolation, 50), visible(" ".join(kinds), 60), row.late)
    return ", ".join(filter(None, parts)) or "-"


def rich_table(rows: Sequence[Row]) -> Table:
    """Return the class table for a terminal; a cell never takes more than one line."""
    exercises = _exercises(rows)
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for name in _header(rows):
        is_number = name in (*exercises, "total")
        # Where the terminal is narrow, the reason gives way: of all columns rich shrinks those that may wrap.
        table.add_column(
            Text(visible(name, 20)),
            justify="right" if is_number else "left",
            no_wrap=name != "reason",
        )
    for row in rows:
        texts = [Text(cell, no_wrap=True, overflow="ellipsis") for cell in _cells(row, exercises)]
        texts[len(exercises) + 2].stylize(_COLOURS[row.report.verdict])
        table.add_row(*texts)
    return table


def plain(rows: Sequence[Row]) -> str:
    """Return the class table as plain text without colours or frames; ends with a line end."""
    exercises = _exercises(rows)
    lines = [_header(rows), *(_cells(row, exercises) for row in rows)]
    widths = [max(columns(line[number]) for line in lines) for number in range(len(lines[0]))]
    return "".join("  ".join(map(pad, line, widths)).rstrip() + "\n" for line in lines)


NOT_HANDED_IN = "not handed in"
"""The words in the place of a verdict for whom the roster has and who has no submission."""


def write_csv(rows: Sequence[Row], file: TextIO, dialect: Dialect = ENGLISH, absent: Sequence[str] = ()) -> None:
    """Write one line for each submission: total, points of each exercise and each check, verdict, reason.

    After them come those who have not handed in, without points.

    Columns of checks are called ``<exercise>.<check>``. Open the file with ``newline=""``, in
    `autograder.report.spreadsheet.ENCODING`.
    Text comes from students, and spreadsheets run cells that look like formulas: a text that starts with ``=``, ``+``,
    ``-``, ``@``, a tab or a line end gets an apostrophe before it. Characters that would not be seen are spelled out.
    A submission that was not judged has empty points.
    """
    checks = list(dict.fromkeys(pair for row in rows for pair in _check_columns(row.report)))
    header = [
        "student",
        "verdict",
        "points",
        "max_points",
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


def _check_columns(report: Report) -> dict[str, float | str]:
    """Return points by column name, for each exercise and for each of its checks."""
    found: dict[str, float | str] = {}
    for exercise in report.exercises:
        judged = exercise.verdict in _JUDGED
        found[exercise.name] = exercise.points if judged else ""
        for check in exercise.checks:
            found[f"{exercise.name}.{check.name}"] = check.points if judged else ""
    return found


def _csv_row(row: Row) -> dict[str, float | str]:
    report = row.report
    judged = report.verdict in _JUDGED
    return {
        "student": safe_cell(row.student),
        "verdict": str(report.verdict),
        "points": report.points if judged else "",
        "max_points": report.max_points,
        **_check_columns(report),
        "late": row.late,
        "isolation": safe_cell(report.isolation),
        "reason": safe_cell(reason(report)),
        "flags": safe_cell("; ".join(map(str, report.flags))),
        "problems": safe_cell("; ".join(report.problems)),
    }
