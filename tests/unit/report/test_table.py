"""The class table: for people, for pipes and for spreadsheets."""

import csv
import io
import re
from dataclasses import replace

import pytest

from autograder.report.grade import Grade, Part, by_rubric
from autograder.report.model import Flag, Report, Verdict
from autograder.report.sanitize import columns
from autograder.report.spreadsheet import Dialect
from autograder.report.table import Row, reason, rich_table, show, write_csv
from tests.unit.report import rendered

EXERCISE = rendered.partly_right()
SEEN = (("forged", "a line that nobody sent"), ("forged", "one more"), ("files", "x"))
FLAGS = tuple(Flag(kind, "site-1", "send", what) for kind, what in SEEN)
BROKE = replace(EXERCISE, verdict=Verdict.INFRASTRUCTURE)
REPORTS = {
    "ada": rendered.report(EXERCISE, flags=FLAGS),
    "-bob": rendered.report(rendered.hostile()),
    "cy": rendered.report(BROKE, verdict=Verdict.INFRASTRUCTURE),
    "d\u202ei": rendered.report(verdict=Verdict.NOT_GRADABLE, problems=("=1+1 is no notebook.",)),
}
ROWS = [Row(student, report, by_rubric(report)) for student, report in REPORTS.items()]
READ = Part("essay", 5, by_hand=3, by_person=True)
MIXED = Grade((Part("test_execute", 4, by_rubric=2, by_hand=1, extra=0.5), READ), penalty=1)
"""A grade of which the checks alone say little."""


def shown(width: int | None = None) -> str:
    file = io.StringIO()
    show(ROWS, file, width)
    return file.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_pipe_it_is_plain_and_one_line_a_submission() -> None:
    lines = shown().splitlines()
    assert len(lines) == 5
    assert lines[0].split() == ["student", "execute", "total", "verdict", "notes", "reason"]
    assert lines[1].split()[:3] == ["ada", "2/4", "2/4"]
    assert "sandbox, !forged !files" in lines[1]
    assert "execute: Your targets leave out site-2." in lines[1]
    assert lines[3].split()[1:3] == ["?/4", "0?/4"]
    assert "\x1b" not in shown()
    assert "\u202e" not in shown()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_on_a_terminal_no_row_wraps(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    file = Terminal()
    show(ROWS, file, width)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in file.getvalue().splitlines()]
    assert max(columns(line) for line in lines) <= width
    assert len([line for line in lines if line.strip()]) == 2 + len(ROWS)
    assert any("infrastructure" in line for line in lines)


def test_markup_in_a_reason_is_text() -> None:
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
def test_the_reason_is_what_matters_most(report: Report, said: str) -> None:
    assert reason(report) == said


def test_csv_has_points_for_each_check() -> None:
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


def test_it_shows_the_grade_and_not_only_the_points_of_the_checks() -> None:
    waits = replace(MIXED, parts=(MIXED.parts[0], replace(READ, by_hand=None, waits=True)))
    report = REPORTS["ada"]
    file = io.StringIO()
    show([Row("ada", report, MIXED, "2 → 3.5: another notebook"), Row("eve", report, waits), Row("gil", report)], file)
    header, ada, eve, gil = file.getvalue().splitlines()
    assert header.split()[:9] == ["student", "execute", "essay", "total", "verdict", "made", "of", "change", "notes"]
    assert ada.split()[:4] == ["ada", "1.5/4", "3/5", "3.5/9"]
    assert "0 by rubric, 4 by hand, 0.5 extra credit, 1 off for being late" in ada
    assert "2 → 3.5: another notebook" in ada
    assert eve.split()[:4] == ["eve", "1.5/4", "?/5", "0.5?/9"]
    assert "not read yet" in eve and "not read yet: essay" in eve
    assert gil.split()[1:4] == ["?/4", "-", "?/4"], "there is no grade but the gradebook's"


def test_csv_has_the_grade_and_what_it_is_made_of() -> None:
    file = io.StringIO(newline="")
    write_csv([Row("ada", REPORTS["ada"], MIXED), Row("gil", REPORTS["ada"])], file)
    ada, gil = csv.DictReader(io.StringIO(file.getvalue(), newline=""))
    assert (float(ada["points"]), float(ada["max_points"])) == (3.5, 9)
    assert [ada[name] for name in ("by_hand", "extra_credit", "late_penalty", "state")] == ["4", "0.5", "1", "graded"]
    assert (float(ada["execute"]), float(ada["essay"]), float(ada["execute.message"])) == (1.5, 3, 1)
    assert (gil["points"], gil["state"], gil["execute"]) == ("", "", "")


def test_csv_holds_no_formulas() -> None:
    file = io.StringIO(newline="")
    write_csv(ROWS, file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert rows[1]["student"] == "'-bob"
    assert rows[3]["problems"] == "'=1+1 is no notebook."


def test_decimals_in_a_language_with_commas() -> None:
    half = replace(EXERCISE, checks=(rendered.check("every_other_client", 0.5, 1),))
    file = io.StringIO(newline="")
    report = rendered.report(half)
    write_csv([Row("ada", report, by_rubric(report))], file, Dialect(decimal=","))
    (row,) = csv.DictReader(io.StringIO(file.getvalue(), newline=""), delimiter=";")
    assert (row["points"], row["execute.every_other_client"]) == ("0,5", "0,5")


def test_who_was_late_and_who_has_not_handed_in() -> None:
    report = rendered.report(EXERCISE)
    rows = [Row("ada", report, by_rubric(report), late="late by 2 h (within grace)")]
    file = io.StringIO()
    show(rows, file)
    assert "sandbox, late by 2 h (within grace)" in file.getvalue()
    file = io.StringIO()
    write_csv(rows, file, absent=["=Zoë", "Bob"])
    found = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [(row["student"], row["verdict"], row["points"], row["late"]) for row in found] == [
        ("ada", "not passed", "2.0", "late by 2 h (within grace)"),
        ("'=Zoë", "not handed in", "", ""),
        ("Bob", "not handed in", "", ""),
    ]
