"""Lines of the log that are longer than any line that counts are cut, and all others are as they were."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.simulator.parties.long_lines import LONGEST, CutRecord


def record(message: object, *values: object) -> CutRecord:
    return CutRecord("name", logging.INFO, "file.py", 1, message, values, None)


@given(st.text(), st.text())
def test_a_line_is_as_it_was(message: str, value: str) -> None:
    assert record(message).getMessage() == message
    assert record("%s and %s", message, value).getMessage() == f"{message} and {value}"


@pytest.mark.parametrize("longer", [1, 100_000_000])
def test_one_that_is_too_long_is_cut_and_says_so(longer: int) -> None:
    text = "x" * (LONGEST + longer)

    for made in (record(text), record("%s", text)):
        assert made.getMessage() == f"{'x' * LONGEST} … (cut: {LONGEST + longer} characters)"
