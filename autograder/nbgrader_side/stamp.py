"""A note in an autograded notebook that says from which file and which report it was made.

nbgrader itself only compares ``timestamp.txt``, which a submission need not have and which says nothing about the
report.
"""

import contextlib
import errno
import hashlib
import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.report import json_form
from autograder.report.model import Report
from autograder.submission.file import NotANotebook, find_notebook

TIMESTAMP = "timestamp.txt"
"""In this file of a submission nbgrader looks for when it was handed in, and so for whether it is late."""

_NAME = "autograder"


def stamp(folder: Path, name: str, report: Report) -> dict[str, str]:
    """What identifies a result: the submitted notebook's bytes, when it was handed in, and the report.

    Args:
        folder: the submission's folder.
        name: what the notebook has to be called, without its ending.

    Raises:
        OSError: when one of the files cannot be read.
    """
    try:
        submitted, _ = find_notebook(folder, name)
    except NotANotebook as error:
        raise FileNotFoundError(errno.ENOENT, str(error), str(folder)) from error
    mark = {
        "submitted": _digest(submitted),
        "report": hashlib.sha256(json_form.dumps(report).encode()).hexdigest(),
    }
    with contextlib.suppress(FileNotFoundError):  # nobody has to say when
        mark["handed in"] = _digest(folder / TIMESTAMP)
    return mark


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_stamp(notebook: NotebookNode, mark: dict[str, str]) -> None:
    """Write a stamp into a notebook's metadata."""
    notebook.metadata[_NAME] = NotebookNode(mark)


def read_stamp(autograded: Path) -> Any:
    """The stamp of an autograded notebook, or None when there is none."""
    try:
        return json.loads(autograded.read_bytes())["metadata"][_NAME]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
