"""The class table: for people, for pipes and for spreadsheets."""

import csv
import io
import re
from dataclasses import replace

import pytest

from autograder.report.model import Flag, Verdict
from autograder.report.sanitize import columns
from autograder.report.spreadsheet import Dialect
from autograder.report.table import Row, reason, rich_table, show, write_csv
from tests.unit.report import rendered

EXERCISE = rendered.partly_right()
SEEN = (("forged", "a line that nobody sent"), ("forged", "one more"), ("files", "x"))
FLAGS = tuple(Flag(kind, "site-1", "send", what) for kind, what in SEEN)
ROWS = [
    Row("ada", rendered.report(EXERCISE, flags=FLAGS)),
    Row("-bob", rendered.report(rendered.hostile())),
    Row("cy", rendered.report(replace(EXERCISE, verdict=Verdict.INFRASTRUCTURE), verdict=Verdict.INFRASTRUCTURE)),
    Row("d\u202ei", rendered.report(verdict=Verdict.NOT_GRADABLE, problems=("=1+1 is no notebook.",))),
]


def shown(width: int | None = None) -> str:
    file = io.StringIO()
    show(ROWS, file, width)
    return file.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_pipe_it_is_plain_and_one_line_a_submission():
    lines = shown().splitlines()
    assert len(lines) == 5
    assert lines[0].split() == ["student", "execute", "total", "verdict", "notes", "reason"]
    assert lines[1].split()[:3] == ["ada", "2/4", "2/4"]
    assert "sandbox, !forged !files" in lines[1]
    assert "execute: Your targets leave out site-2." in lines[1]
    assert lines[3].split()[1:3] == ["?/4", "2?/4"]
    assert "\x1b" not in shown()
    assert "\u202e" not in shown()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_on_a_terminal_no_row_wraps(width, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    file = Terminal()
    show(ROWS, file, width)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in file.getvalue().splitlines()]
    assert max(columns(line) for line in lines) <= width
    assert len([line for line in lines if line.strip()]) == 2 + len(ROWS)
    assert any("infrastructure" in line for line in lines)


def test_markup_in_a_reason_is_text():
    table = rich_table(ROWS)
    assert any("[bold]" in str(cell) for cell in table.columns[-1].cells)


BROKEN = replace(
    rendered.partly_right(),
    verdict=Verdict.INFRASTRUCTURE,
    checks=(
        replace(
            rendered.check("a", 0, 1, seen="the simulator did not start", hint="Run it again."),
        ),
    ),
)


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (
            rendered.report(rendered.partly_right(), problems=("A remark.",)),
            f"execute: {rendered.partly_right().reason}",
        ),
        (rendered.report(BROKEN, verdict=Verdict.INFRASTRUCTURE), "execute: the simulator did not start"),
        (rendered.report(BROKEN, verdict=Verdict.INFRASTRUCTURE, problems=("The disk is full.",)), "The disk is full."),
        (rendered.report(verdict=Verdict.NOT_GRADABLE, problems=("It is not JSON.",)), "It is not JSON."),
        (rendered.report(verdict=Verdict.PASSED, problems=("A remark.",)), "A remark."),
    ],
)
def test_the_reason_is_what_matters_most(report, said):
    assert reason(report) == said


def test_csv_has_points_for_each_check():
    file = io.StringIO(newline="")
    write_csv(ROWS, file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert float(rows[0]["points"]) == 2
    assert (rows[0]["execute.every_other_client"], rows[0]["execute.message"]) == ("0", "1")
    assert rows[0]["flags"] == "; ".join(f"{kind}: site-1 in send: {what}" for kind, what in SEEN)
    assert (rows[2]["points"], rows[2]["execute"], rows[2]["verdict"]) == ("", "", "infrastructure")
    assert rows[3]["execute"] == ""
    assert len(file.getvalue().splitlines()) == 5
    file.getvalue().encode("utf-8")


def test_csv_holds_no_formulas():
    file = io.StringIO(newline="")
    write_csv(ROWS, file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert rows[1]["student"] == "'-bob"
    assert rows[3]["problems"] == "'=1+1 is no notebook."


def test_decimals_in_a_language_with_commas():
    half = replace(EXERCISE, checks=(rendered.check("every_other_client", 0.5, 1),))
    file = io.StringIO(newline="")
    write_csv([Row("ada", rendered.report(half))], file, Dialect(decimal=","))
    (row,) = csv.DictReader(io.StringIO(file.getvalue(), newline=""), delimiter=";")
    assert (row["points"], row["execute.every_other_client"]) == ("0,5", "0,5")


def test_who_was_late_and_who_has_not_handed_in():
    rows = [Row("ada", rendered.report(EXERCISE), late="late by 2 h (within grace)")]
    file = io.StringIO()
    show(rows, file)
    assert "sandbox, late by 2 h (within grace)" in file.getvalue()
    file = io.StringIO()
    write_csv(rows, file, absent=["=Zoë", "Bob"])
    found = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [(row["student"], row["verdict"], row["points"], row["late"]) for row in found] == [
        ("ada", "not passed", "2", "late by 2 h (within grace)"),
        ("'=Zoë", "not handed in", "", ""),
        ("Bob", "not handed in", "", ""),
    ]
