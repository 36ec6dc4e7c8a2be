"""Logs that a student's code can have filled with anything."""

import json
import os
from pathlib import Path

import pytest

from autograder.evidence.logs import MOST_LINES, parse_line, read_log, read_printed
from autograder.simulator.folder import RunFolder

SITE = "site-0"
LIMIT = 1 << 20


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the log of a site is in the run folder ``tmp_path``."""
    workspace = tmp_path / "work" / SITE / "workspace" / SITE
    workspace.mkdir(parents=True)
    return workspace / "log.json"


def assert_no_log(root: Path) -> None:
    """Nothing is read, and that is told."""
    read = read_log(RunFolder(root), SITE, LIMIT)
    assert read.lines == () and read.junk


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


def test_a_line_is_read(tmp_path: Path, log: Path) -> None:
    log.write_text(LINE + "\n")
    log_read = read_log(RunFolder(tmp_path), SITE, LIMIT)
    (line,) = log_read.lines

    assert (line.site, line.logger, line.level, line.context) == ("site-0", "P2PExecutor", "INFO", "[identity=site-0]")
    assert line.text == "Received message from site-1: Hello"
    assert not log_read.junk


@pytest.mark.parametrize("junk", ["", "{", "[]", "5", '{"name": 1}', "[" * 100_000, '{"message": "\\ud800"}', "\0"])
def test_junk_is_passed_over(junk: str, tmp_path: Path, log: Path) -> None:
    log.write_text(f"{junk}\n{LINE}\n")

    read = read_log(RunFolder(tmp_path), SITE, LIMIT)
    assert read.lines[-1].text == "Received message from site-1: Hello"
    assert bool(read.junk) == (len(read.lines) == 1 and bool(junk))


def test_values_of_the_wrong_kind_become_text() -> None:
    line = parse_line('{"message": {"a": 1}, "name": null}', "site-0")

    assert line is not None and line.text == "{'a': 1}"


def test_links_are_not_followed_wherever_they_are_on_the_way(tmp_path: Path, log: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "log.json").write_text(LINE)
    log.symlink_to(elsewhere / "log.json")
    assert_no_log(tmp_path)

    log.unlink()
    log.parent.rmdir()
    log.parent.symlink_to(elsewhere)
    assert log.read_text() == LINE
    assert_no_log(tmp_path)


def test_neither_a_pipe_nor_a_folder_nor_nothing_is_a_log(tmp_path: Path, log: Path) -> None:
    assert_no_log(tmp_path)
    os.mkfifo(log)
    assert_no_log(tmp_path)
    log.unlink()
    log.mkdir()
    assert_no_log(tmp_path)


def test_what_is_in_memory_is_read_from_there(tmp_path: Path, log: Path) -> None:
    log.write_text(LINE + "\n")
    work_dirs = os.open(tmp_path / "work", os.O_RDONLY)
    folder = RunFolder(tmp_path / "on-disk", (work_dirs, frozenset({SITE})))

    assert len(read_log(folder, SITE, LIMIT).lines) == 1
    folder.close()


def test_no_more_than_a_part_of_an_endless_log_is_read(tmp_path: Path, log: Path) -> None:
    with log.open("w") as file:
        file.write(LINE + "\n")
        file.truncate(1 << 40)

    read = read_log(RunFolder(tmp_path), SITE, LIMIT)
    assert len(read.lines) == 1
    assert "MiB" in read.junk


def test_what_was_printed_is_told_from_log_lines(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("hello\n2026-01-01 00:00:00,000 - a\n\n")

    assert read_printed(tmp_path / "out") == "hello"


def test_of_very_many_lines_the_first_are_read_and_that_is_told(tmp_path: Path, log: Path) -> None:
    log.write_text('{"message":1}\n' * (MOST_LINES + 1))
    log_read = read_log(RunFolder(tmp_path), SITE, LIMIT)
    assert len(log_read.lines) == MOST_LINES
    assert log_read.junk == f"the log has more than {MOST_LINES} lines"
    log.write_text('{"message":1}\n' * MOST_LINES)
    assert not read_log(RunFolder(tmp_path), SITE, LIMIT).junk
