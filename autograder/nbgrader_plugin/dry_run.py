"""Dry runs, grading for a look: results and scores go into copies of what there is, which are gone afterwards."""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbgrader.api import Base, Gradebook
from sqlalchemy import create_engine, insert, select

from autograder.course import Course
from autograder.nbgrader_plugin.config import CourseApp
from autograder.nbgrader_plugin.grades import is_there
from autograder.nbgrader_plugin.ownership import claim
from autograder.nbgrader_plugin.trouble import gradebook_errors
from autograder.simulator.stale_run_dirs import run_folder


@contextlib.contextmanager
def on_copies(app: CourseApp, assignment: str, students: Iterable[str]) -> Iterator[None]:
    """Let whatever is written to the gradebook, results and feedback pages go into copies within the context.

    Raises:
        CourseError: when the gradebook cannot be read, or is another course folder's.
        OSError: when the copies cannot be written.
    """
    directory = app.coursedir
    kept = (directory.db_url, directory.autograded_directory, directory.feedback_directory)
    # In the course folder, so that the copy is its own gradebook: see autograder.nbgrader_plugin.ownership.
    with gradebook_errors(directory.db_url):
        claim(directory.db_url, Course(Path(directory.root)))
    with run_folder(directory.root) as folder, gradebook_errors(directory.db_url):
        results = {student: _result(app, assignment, student) for student in students}
        directory.db_url = _copied(directory.db_url, folder / "gradebook.db")
        directory.autograded_directory, directory.feedback_directory = str(folder / "results"), str(folder / "pages")
        try:
            for student, result in results.items():
                if result.is_file():
                    copy = _result(app, assignment, student)
                    copy.parent.mkdir(parents=True)
                    shutil.copyfile(result, copy)
            yield
        finally:
            directory.db_url, directory.autograded_directory, directory.feedback_directory = kept


def _result(app: CourseApp, assignment: str, student: str) -> Path:
    folder = app.coursedir.format_path(app.coursedir.autograded_directory, student, assignment)
    return Path(folder, f"{assignment}.ipynb")


def _copied(db_url: str, path: Path) -> str:
    """Copy a gradebook, whatever database it is in, into a file of SQLite. Return the copy's address."""
    copy = f"sqlite:///{path}"
    if not is_there(db_url):
        return copy
    with Gradebook(copy, course_id=""):
        pass
    source, target = create_engine(db_url), create_engine(copy)
    try:
        with source.connect() as reading, target.begin() as writing:
            for table in Base.metadata.sorted_tables:
                if rows := [dict(row) for row in reading.execute(select(table)).mappings()]:
                    writing.execute(insert(table), rows)
    finally:
        source.dispose()
        target.dispose()
    return copy
