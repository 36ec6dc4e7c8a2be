"""Grading in a child process, which can be ended in any way, and what is then in the course folder."""

import json
import os
import re
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from autograder.cli import main
from autograder.course import Course
from autograder.grading.store import FOLDER
from autograder.nbgrader_plugin.stamp import read_stamp
from tests.tools.course_folder import NAME

_NOW = re.compile(r"[-0-9]{10} [:0-9]{8} UTC$", re.MULTILINE)
"""When the list for Moodle was written: its last column."""


@dataclass(frozen=True)
class Ended:
    """How a grading ended, and what it said.

    Attributes:
        status: the exit status, or minus the number of the signal that ended it.
    """

    status: int
    said: str


def grade(course: Course, *arguments: str, first: Callable[[], object] = lambda: None) -> Ended:
    """``autograder grade`` in a forked process, which is much faster than a new one.

    Args:
        first: is called in that process before anything else.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        status = 99
        with os.fdopen(writing, "w", buffering=1) as file, redirect_stdout(file), redirect_stderr(file):
            try:
                os.chdir(course.root)
                first()
                status = main(["grade", NAME, *arguments])
            except BaseException:
                traceback.print_exc()
        os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = file.read()
    _, ended = os.waitpid(pid, 0)
    return Ended(os.waitstatus_to_exitcode(ended), said)


def state(course: Course) -> dict[str, Any]:
    """All that a grading leaves behind, without what differs from one to the next, such as keys of rows."""
    return {
        "gradebook": rows(course),
        "results": _files(course, "autograded", "*.ipynb", read_stamp),
        "pages": _files(course, "feedback", "*.html", lambda page: page.read_text(encoding="utf-8")),
        "reports": {path.name: json.loads(path.read_text()) for path in (course.root / FOLDER / NAME).glob("*.json")},
        "lists": {path.name: _NOW.sub("now", path.read_text()) for path in course.root.glob("*.csv")},
    }


def rows(course: Course) -> list[tuple[Any, ...]]:
    """Scores, comments and dates in the gradebook, and which of its tables have how many rows."""
    engine = create_engine(f"sqlite:///{course.root}/gradebook.db")
    with engine.connect() as connection:
        found = [
            tuple(row)
            for query in (
                "select s.student_id, s.timestamp, c.name, g.auto_score, g.manual_score, g.needs_manual_grade,"
                " n.late_submission_penalty from grade g join submitted_notebook n on g.notebook_id = n.id"
                " join submitted_assignment s on n.assignment_id = s.id join base_cell c on g.cell_id = c.id"
                " order by 1, 3",
                "select s.student_id, c.name, m.auto_comment from comment m join submitted_notebook n"
                " on m.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id"
                " join base_cell c on m.cell_id = c.id order by 1, 2",
                "select id from student order by 1",
                "select version_num from alembic_version",
            )
            for row in connection.execute(text(query))
        ]
    engine.dispose()
    return found


def scores(course: Course) -> dict[str, list[float | None]]:
    """The scores in the gradebook by student."""
    found: dict[str, list[float | None]] = {}
    for row in rows(course):
        if len(row) == 7:
            found.setdefault(row[0], []).append(row[3])
    return found


def _files(course: Course, step: str, pattern: str, read: Callable[[Path], Any]) -> dict[str, Any]:
    return {path.parent.parent.name: read(path) for path in (course.root / step).glob(f"*/*/{pattern}")}
