"""A disk that gets full: everybody has a line that says so, and with some space the next start does the rest."""

import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.atomic_file import remove_half_written, replacing
from autograder.course import Course
from autograder.nbgrader_plugin.config import LOG_FILE
from tests.services.nothing_lost.conftest import STUDENTS
from tests.services.nothing_lost.grading import Ended, grade, scores
from tests.services.nothing_lost.small_disk import in_small_disk


def told_of_everybody(done: Ended) -> dict[str, str]:
    """The lines of the table by student."""
    assert done.status == 1, done.said
    assert "Traceback" not in done.said, done.said
    lines = {line.split()[0]: line for line in done.said.splitlines() if line.startswith(STUDENTS)}
    assert lines.keys() == set(STUDENTS), done.said
    return lines


def is_for_writing(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def no_space_for(pattern: str) -> Callable[[], object]:
    """Opening a file for writing whose path matches fails as on a full disk."""

    def hear(name: str, arguments: tuple[object, ...]) -> None:
        if name == "open" and is_for_writing(arguments[2]) and re.search(pattern, str(arguments[0])):
            raise OSError(28, os.strerror(28), str(arguments[0]))

    return lambda: sys.addaudithook(hear)


@pytest.mark.slow
@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"/by-key/", "It could not be graded, or its report not be kept: No space left on device"),
        (r"reports/p2p_communication/\.", "its report could not be written: No space left on device"),
        (r"autograded/anna/", "nbgrader could not take it: No space left on device"),
        (r"feedback/anna/", "nbgrader could not take it: No space left on device"),
    ],
)
def test_no_space_for_one_kind_of_file(course: Course, pattern: str, said: str) -> None:
    lines = told_of_everybody(grade(course, first=no_space_for(pattern)))
    assert "infrastructure" in lines["anna"]
    assert said in lines["anna"]
    if "anna" in pattern:
        assert "0/12" in lines["bert"] and "infrastructure" not in lines["bert"]
    again = told_of_everybody(grade(course))
    assert "0/12" in again["anna"] and "infrastructure" not in again["anna"]
    assert scores(course) == {"anna": [0, 0, 0], "bert": [0, 0, 0], "carl": [None, None, None]}


@pytest.mark.slow
def test_no_space_for_the_lists(course: Course) -> None:
    lists = [course.root / "grades.csv", course.root / "checks.csv"]
    done = grade(course, first=no_space_for(r"course/\.\w+\.tmp$|^\.\w+\.tmp$"))
    told_of_everybody(done)
    assert "NOT WRITTEN: No space left on device" in done.said
    assert not any(path.exists() for path in lists)
    grade(course)
    assert all(path.exists() for path in lists)


@pytest.mark.slow
def test_no_space_in_the_gradebook(course: Course) -> None:
    def limit() -> None:
        def full(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # at least what there is

        event.listen(Engine, "connect", full)

    for student in range(30):
        shutil.copytree(course.root / "submitted" / "anna", course.root / "submitted" / f"dora-{student}")
    done = grade(course, "--no-feedback", first=limit)
    told_of_everybody(done)
    assert done.said.count("\ndora-") == 30
    assert done.said.count("(database or disk is full). Free some space") == 3
    assert done.said.count("not tried, since the gradebook failed 3 times") > 3
    again = grade(course, "--no-feedback")
    assert "infrastructure" not in again.said
    assert sum(found == [0, 0, 0] for found in scores(course).values()) == 32


@pytest.mark.slow
def test_no_space_for_the_log(course: Course) -> None:
    (course.root / LOG_FILE).unlink(missing_ok=True)
    (course.root / LOG_FILE).symlink_to("/dev/full")
    lines = told_of_everybody(grade(course))
    assert "0/12" in lines["anna"] and "infrastructure" not in lines["anna"]


@pytest.mark.slow
def test_a_disk_that_is_really_full(course: Course, tmp_path: Path) -> None:
    """With less and less space, and enough in the end."""
    small = tmp_path / "small"
    small.mkdir()

    def story() -> str:
        shutil.copytree(course.root, small / "course")
        there = Course(small / "course")
        filler = small / "filler"
        said = []
        for free in (0, 40_000, 100_000, 200_000, 400_000):
            filler.unlink(missing_ok=True)
            disk = os.statvfs(small)
            with filler.open("wb") as file:
                file.truncate(0)
                os.posix_fallocate(file.fileno(), 0, max(1, disk.f_bavail * disk.f_frsize - free))
            done = grade(there)
            said.append([free, done.status, done.said])
        filler.unlink()
        done = grade(there)
        said.append([-1, done.status, done.said])
        return json.dumps([said, scores(there)])

    gradings, found = json.loads(in_small_disk(small, 6000, story))
    assert [free for free, _, _ in gradings] == [0, 40_000, 100_000, 200_000, 400_000, -1]
    assert "No space left on device" in gradings[0][2], "the disk was full"
    for free, status, said in gradings:
        assert "Traceback" not in said, (free, said)
        assert status == 1 or (status == 2 and said.count("\n") == 1), (free, status, said)
        if status == 1:
            assert all(f"\n{student} " in said for student in STUDENTS), (free, said)
    assert found == {"anna": [0, 0, 0], "bert": [0, 0, 0], "carl": [None, None, None]}


def test_a_file_is_replaced_by_a_whole_one_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write("half of it")
        raise ZeroDivisionError
    assert [entry.name for entry in tmp_path.iterdir()] == ["grades.csv"]
    assert path.read_text() == "old"
    with replacing(path) as file:
        file.write("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_a_link_and_a_pipe_are_written_to_and_not_replaced(tmp_path: Path) -> None:
    link, path = tmp_path / "link", tmp_path / "file"
    link.symlink_to(path)
    with replacing(link) as file:
        file.write("told")
    assert link.is_symlink()
    assert path.read_text() == "told"
    reading, writing = os.pipe()
    with replacing(Path(f"/proc/self/fd/{writing}")) as file:
        file.write("told")
    assert os.read(reading, 100) == b"told"
    os.close(reading)
    os.close(writing)


def test_half_written_files_are_removed_when_nobody_can_be_writing_them_any_more(tmp_path: Path) -> None:
    old, new, other = tmp_path / f".{'a' * 16}.tmp", tmp_path / f".{'b' * 16}.tmp", tmp_path / ".other.tmp"
    for path in (old, new, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    remove_half_written(tmp_path, tmp_path / "absent")
    assert sorted(tmp_path.iterdir()) == sorted([new, other])
