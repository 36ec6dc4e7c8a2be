"""A gradebook that cannot be used: it is said why, everybody has a line, and the next start brings all of it in."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.course import Course
from autograder.nbgrader_plugin.config import LOG_FILE
from tests.services.nothing_lost.conftest import GRADABLE, STUDENTS
from tests.services.nothing_lost.forked import obey_permissions
from tests.services.nothing_lost.grading import Ended, grade, scores, state

pytestmark = pytest.mark.slow


def use(course: Course, db_url: str) -> None:
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {db_url!r}\n")


def refused(done: Ended, *words: str) -> None:
    """The command said in one line why it cannot be carried out."""
    assert done.status == 2, done.said
    assert "Traceback" not in done.said
    assert done.said.count("\n") == 1, done.said
    for word in ("autograder grade: the gradebook", "then grade again", *words):
        assert word in done.said, done.said


def told_of_everybody(done: Ended, *words: str) -> None:
    """The table has a line for each, and the gradebook's trouble is in those that it could not take."""
    assert done.status == 1, done.said
    assert "Traceback" not in done.said
    lines = {line.split()[0]: line for line in done.said.splitlines() if line.startswith(STUDENTS)}
    assert lines.keys() == set(STUDENTS), done.said
    for student in GRADABLE:
        assert "infrastructure" in lines[student]
        for word in words:
            assert word in lines[student], lines[student]


def locked_from_the_first_entry(course: Course) -> Callable[[], object]:
    """Another program takes the gradebook when the first submission is to be entered, and does not give it back."""

    def listen() -> None:
        held: list[sqlite3.Connection] = []

        def lock(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("INSERT INTO student") and not held:
                held.append(sqlite3.connect(course.root / "gradebook.db"))
                held[0].execute("BEGIN EXCLUSIVE")

        event.listen(Engine, "before_cursor_execute", lock)

    return listen


def test_locked_from_the_start(course: Course) -> None:
    use(course, f"sqlite:///{course.root}/gradebook.db?timeout=0.2")
    other = sqlite3.connect(course.root / "gradebook.db")
    other.execute("BEGIN EXCLUSIVE")
    refused(grade(course), "database is locked", "Another program is writing to it")
    other.rollback()
    other.close()
    assert grade(course).status == 1
    assert scores(course) == {"anna": [0, 0, 0], "bert": [0, 0, 0], "carl": [None, None, None]}


def test_locked_while_results_are_entered(course: Course) -> None:
    assert grade(course).status == 1
    undisturbed = state(course)
    for student in GRADABLE:
        (course.root / "submitted" / student / "p2p_communication" / "timestamp.txt").unlink()
    (course.root / "gradebook.db").unlink()
    use(course, f"sqlite:///{course.root}/gradebook.db?timeout=0.2")
    done = grade(course, first=locked_from_the_first_entry(course))
    told_of_everybody(done, "database is locked")
    assert "NOT WRITTEN" in done.said
    again = grade(course)
    assert again.status == 1
    assert "graded " not in again.said.split("student ")[0], "the kept reports were enough"
    assert set(scores(course)) == set(STUDENTS)
    assert state(course)["reports"] == undisturbed["reports"]


def test_read_only(course: Course) -> None:
    use(course, f"sqlite:///file:{course.root}/gradebook.db?mode=ro&uri=true")
    told_of_everybody(grade(course), "readonly database", "writable")


def test_a_terminal_gets_a_line_for_each_and_no_traceback_of_nbgraders(course: Course) -> None:
    """In a process of its own: pytest listens to every log."""
    use(course, f"sqlite:///file:{course.root}/gradebook.db?mode=ro&uri=true")
    command = [sys.executable, "-m", "autograder", "grade", "p2p_communication", "--no-feedback"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    told_of_everybody(Ended(done.returncode, done.stdout + done.stderr), "readonly database")
    assert done.stderr.count("\n") < 3 * len(STUDENTS), done.stderr
    assert "Rolling back session" in (course.root / LOG_FILE).read_text()


def test_in_a_folder_that_is_read_only(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir(mode=0o500)
    use(course, f"sqlite:///{folder}/gradebook.db")
    refused(grade(course, first=obey_permissions), "unable to open database file", "writable")


def test_damaged(course: Course) -> None:
    (course.root / "gradebook.db").write_bytes(b"no database at all" * 500)
    refused(grade(course), "file is not a database", "The file is damaged")


def test_its_server_is_gone_and_no_password_is_told(course: Course) -> None:
    use(course, "postgresql://grader:secret@localhost:1/gradebook")
    done = grade(course)
    refused(done, "c.CourseDirectory.db_url", "server up")
    assert "secret" not in done.said
