"""Reading the course's own notebooks, which people edit and merge, so that they can be broken."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course import CourseError


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in a file.

    Raises:
        CourseError: when it cannot be read or is no notebook; the message names the file.
    """
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error
    except Exception as error:  # nbformat trusts the structure of what it reads, so anything can go wrong in it
        reason = next(iter(str(error).splitlines()), "")[:200]
        raise CourseError(f"{path} is not a notebook ({reason}). Restore it from version control.") from error
    return notebook


def name_of(cell: dict[str, Any]) -> str:
    """Return how a cell is called: its ``grade_id``, else its id."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id") or cell.get("id"))
