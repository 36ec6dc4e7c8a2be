"""Logs that a student's code can have filled with anything."""

import json
import os
from pathlib import Path

import pytest

from autograder.evidence.logs import LONGEST_LOG, parse_line, read_log, read_printed

LINE = json.dumps(
    {
        "asctime": "2026-01-01 00:00:00,000",
        "name": "P2PExecutor",
        "fullName": "submission.P2PExecutor",
        "levelname": "INFO",
        "fl_ctx": "[identity=site-0]",
        "message": "Received message from site-1: Hello",
    }
)


def test_a_line_is_read(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(LINE + "\n")
    (line,) = read_log(tmp_path / "log.json", "site-0")

    assert (line.site, line.logger, line.level, line.context) == ("site-0", "P2PExecutor", "INFO", "[identity=site-0]")
    assert line.text == "Received message from site-1: Hello"


@pytest.mark.parametrize("junk", ["", "{", "[]", "5", '{"name": 1}', "[" * 100_000, '{"message": "\\ud800"}', "\0"])
def test_junk_is_passed_over(junk: str, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(f"{junk}\n{LINE}\n")

    assert read_log(tmp_path / "log.json", "site-0")[-1].text == "Received message from site-1: Hello"


def test_values_of_the_wrong_kind_become_text() -> None:
    line = parse_line('{"message": {"a": 1}, "name": null}', "site-0")

    assert line is not None and line.text == "{'a': 1}"


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(LINE)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")

    assert (
        read_log(tmp_path / "link", "x") == read_log(tmp_path / "pipe", "x") == read_log(tmp_path / "none", "x") == []
    )


def test_no_more_than_a_part_of_an_endless_log_is_read(tmp_path: Path) -> None:
    with (tmp_path / "log.json").open("w") as file:
        file.write(LINE + "\n")
        file.truncate(1 << 40)

    assert len(read_log(tmp_path / "log.json", "x")) == 1
    assert LONGEST_LOG < 1 << 23


def test_what_was_printed_is_told_from_log_lines(tmp_path: Path) -> None:
    (tmp_path / "out").write_text(
        "hello\n2026-01-01 00:00:00,000 - X - INFO - a\n\x1b[32m2026-01-01 00:00:00,000 - b\n"
    )

    assert read_printed(tmp_path / "out") == "hello"
