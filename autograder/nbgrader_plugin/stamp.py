"""A note in an autograded notebook that says from which file and which report it was made.

nbgrader itself only compares ``timestamp.txt``, which a submission need not have and which says nothing about the
report.
"""

import contextlib
import errno
import hashlib
import json
from pathlib import Path

from nbformat import NotebookNode

from autograder.report import json_form
from autograder.report.change import HANDED_IN, REPORT, SUBMITTED
from autograder.report.model import Report
from autograder.submission.file import NotANotebook, find_notebook

TIMESTAMP = "timestamp.txt"
"""The file of a submission in which nbgrader looks for when it was handed in, and so for whether it is late."""

_NAME = "autograder"

Mark = dict[str, str]
"""Digests by what they are of."""


def mark_of_files(folder: Path, name: str) -> Mark:
    """Return what identifies a submission: its notebook's bytes, and when it was handed in.

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
    mark = {SUBMITTED: _digest(submitted)}
    with contextlib.suppress(FileNotFoundError):  # nobody has to say when
        mark[HANDED_IN] = _digest(folder / TIMESTAMP)
    return mark


def stamp(files: Mark, report: Report) -> Mark:
    """Return what identifies a result: the submission's files, and the report.

    Args:
        files: what `mark_of_files` gave when the submission was read. A file that has changed since then is not what
            the report is about.
    """
    return {**files, REPORT: hashlib.sha256(json_form.dumps(report).encode()).hexdigest()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_stamp(notebook: NotebookNode, mark: Mark) -> None:
    """Write a stamp into a notebook's metadata."""
    notebook.metadata[_NAME] = NotebookNode(mark)


def add_to_stamp(notebook: NotebookNode, name: str, value: str) -> None:
    """Add a part to the stamp of a notebook that has one."""
    if _NAME in notebook.metadata:
        notebook.metadata[_NAME][name] = value


def read_stamp(autograded: Path) -> Mark | None:
    """Return the stamp of an autograded notebook, or None when there is none."""
    try:
        found = json.loads(autograded.read_bytes())["metadata"][_NAME]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
