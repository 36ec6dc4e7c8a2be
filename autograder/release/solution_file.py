"""A solution in a file of its own, put into the released notebook."""

from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Course, CourseError
from autograder.release.notebook_file import read_notebook
from autograder.submission.percent import Part, added_to_answers, put_parts, read_parts


def solved_notebook(course: Course, name: str, file: Path | None = None) -> NotebookNode:
    """Return an assignment's released notebook with a solution in it.

    Args:
        name: of the assignment.
        file: the solution in percent format, the model answer when None. Its methods are put into the model answer's
            classes.

    Raises:
        CourseError: when one of the files cannot be used; the message names it.
    """
    notebook = read_notebook(course.release(name))
    answers = course.solutions(name) / f"{name}.py"
    parts = _read(answers)
    if file is not None:
        parts = added_to_answers(_read(file), parts)
    try:
        return put_parts(notebook, parts)
    except ValueError as error:
        raise CourseError(f"{file or answers}: {error}.") from error


def _read(file: Path) -> Sequence[Part]:
    try:
        parts = read_parts(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{file} is no text in UTF-8. A solution is a Python file in percent format.") from error
    except ValueError as error:
        raise CourseError(f"{file}: {error}.") from error
    if not parts:
        raise CourseError(f"{file} has no parts. Each begins with a line such as: # %% [grade_id]")
    return parts
