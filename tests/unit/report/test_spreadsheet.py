"""Cells of lists that spreadsheets open."""

import pytest

from autograder.report.spreadsheet import Dialect, key_cell, safe_cell


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text).startswith("'")


def test_other_text_stays_as_it_is() -> None:
    assert safe_cell("site-1 sent nothing") == "site-1 sent nothing"


@pytest.mark.parametrize("text", ["-ada", "+49123", "@ada", "=ada", "ada@example.org", "ada_126", "s999", "Zoë 12", ""])
def test_an_id_that_does_nothing_stays_as_it_is(text: str) -> None:
    assert key_cell(text) == text


@pytest.mark.parametrize("text", ["=cmd()", "=cmd|' /C calc'!A0", "@SUM(1)", "+A1:A9", '=HYPERLINK("x")', "=1\r\n=2"])
def test_an_id_that_could_do_something_gets_an_apostrophe(text: str) -> None:
    assert key_cell(text).startswith("'")


def test_numbers_in_a_dialect() -> None:
    assert [Dialect(decimal=",").number(cell) for cell in (2.5, 12.0, 3, "2.5", "")] == ["2,5", "12,0", 3, "2.5", ""]
    assert (Dialect().number(2.5), Dialect().delimiter, Dialect(decimal=",").delimiter) == ("2.5", ",", ";")
