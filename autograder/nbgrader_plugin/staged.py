"""A submission as nbgrader gets it: one notebook that it can read, under the right name, and when it was handed in.

If it came through nbgrader's exchange, so did a secret, by which ``nbgrader release_feedback`` knows whose a page is.

nbgrader takes notebooks of one name only, reads them in UTF-8 with all their outputs, and copies whatever else is in a
submission's folder into its results and the feedback: folders with thousands of files, and what links lead to.
"""

import errno
import json
from pathlib import Path
from typing import Any

from autograder.nbgrader_plugin.attachments import is_picture
from autograder.nbgrader_plugin.stamp import TIMESTAMP
from autograder.nbgrader_plugin.submitted import SECRET, read_secret, read_timestamp
from autograder.submission.file import NotANotebook, find_notebook, load_notebook
from autograder.submission.released import AnyCell, cells_of, nbgrader_of, source_of

_CELL_TYPES = ("code", "markdown", "raw")


def stage(submitted: Path, name: str, folder: Path) -> None:
    """Put what counts of a submission into a new folder.

    Args:
        submitted: the submission's folder.
        name: what the notebook has to be called, without its ending.

    Raises:
        OSError: when it cannot be read any more, or not be written.
    """
    try:
        path, _ = find_notebook(submitted, name)
        notebook, _ = load_notebook(path)
    except NotANotebook as error:
        raise OSError(errno.EIO, str(error)) from error
    folder.mkdir(parents=True)
    cells = [_readable(cell) for cell in cells_of(notebook)]
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    (folder / f"{name}.ipynb").write_text(text, encoding="ascii")
    if said := read_timestamp(submitted):
        (folder / TIMESTAMP).write_bytes(said)
    if secret := read_secret(submitted):
        (folder / SECRET).write_text(secret, encoding="ascii")


def _readable(cell: AnyCell) -> dict[str, Any]:
    """Return a cell that nbformat can read, without outputs, whatever else is wrong with it."""
    kind = cell_type if (cell_type := cell.get("cell_type")) in _CELL_TYPES else "raw"
    taken: dict[str, Any] = {"metadata": {"nbgrader": told} if (told := _plain(nbgrader_of(cell))) else {}}
    if isinstance(attachments := cell.get("attachments"), dict):
        taken["attachments"] = {name: bundle for name, bundle in attachments.items() if is_picture(bundle)}
    if isinstance(cell.get("id"), str):
        taken["id"] = cell["id"]
    if kind == "code":
        taken |= {"outputs": [], "execution_count": None}
    return {**taken, "cell_type": kind, "source": source_of(cell)}


def _plain(told: AnyCell) -> dict[str, Any]:
    """Return what nbgrader has to know of a cell: texts and numbers. What is nested deeply it could not copy."""
    return {name: value for name, value in told.items() if value is None or isinstance(value, str | int | float)}
