"""Finding and reading the notebook that was handed in. No link is followed and nothing waited for."""

import errno
import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LARGEST_NOTEBOOK = 10 << 20
"""Bytes. A notebook without outputs has some ten kilobytes; larger ones are not parsed."""

NotebookJson = dict[str, Any]
_STEPS = 3
"""Of a folder's path, how much is shown: in a course folder ``submitted``, the student and the assignment."""


class NotANotebook(Exception):
    """What was handed in is no notebook that could be read. The message is for the instructor."""


def find_notebook(path: Path, name: str) -> tuple[Path, str]:
    """Find the notebook that counts in a submission.

    Args:
        path: the submission's folder, or a notebook.
        name: what the notebook has to be called, without its ending.

    Returns:
        Its path, and what is odd about the folder; empty when nothing is.

    Raises:
        NotANotebook: when there is none.
    """
    try:
        if path.suffix == ".ipynb" and not path.is_dir():
            return path, ""
        found = sorted(entry for entry in path.iterdir() if entry.suffix == ".ipynb")
    except OSError as error:
        raise NotANotebook(f"{path} cannot be read: {error.strerror}. Check the folder and its permissions.") from error
    wanted = f"{name}.ipynb"
    others = [entry for entry in found if entry.name != wanted]
    if len(others) < len(found):
        return path / wanted, _left_aside(others) if others else ""
    shown = Path(*path.parts[-_STEPS:])
    if not found:
        raise NotANotebook(f"There is no notebook in {shown}. Was the wrong folder handed in?")
    names = ", ".join(entry.name for entry in found[:5])
    raise NotANotebook(
        f"There is no {wanted} in {shown}, but {names}. Rename the right one to {wanted} and grade again."
    )


def _left_aside(others: Sequence[Path]) -> str:
    names = ", ".join(entry.name for entry in others[:5])
    return f"There are more notebooks in the folder, which were left aside: {names}."


def load_notebook(path: Path) -> tuple[NotebookJson, str]:
    """Read a notebook file, and upgrade it to nbformat 4.

    Returns:
        The notebook, and what the instructor has to know about the upgrade; empty when there was none.

    Raises:
        NotANotebook: when it cannot be read, or is no notebook.
    """
    try:
        notebook = json.loads(_bounded(path))
    except OSError as error:
        raise NotANotebook(f"{path.name} cannot be read: {error.strerror}. Check the disk and grade again.") from error
    except UnicodeDecodeError as error:
        raise NotANotebook(f"{path.name} is no text in UTF-8, so it is no notebook. Ask for it again.") from error
    except ValueError as error:
        raise NotANotebook(f"{path.name} is not JSON ({error}), so it is no notebook. Ask for it again.") from error
    except RecursionError as error:
        raise NotANotebook(f"{path.name} is nested too deeply to be a notebook. Ask for it again.") from error
    return _upgraded(notebook, path.name)


def _bounded(path: Path) -> str:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise NotANotebook(f"{path.name} cannot be read: {why}. Check the file and its permissions.") from error
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        os.close(fd)
        raise NotANotebook(f"{path.name} is no file but something of another kind. Ask for the notebook again.")
    with os.fdopen(fd, "rb") as file:
        if status.st_size > LARGEST_NOTEBOOK:
            megabytes = status.st_size / (1 << 20)
            raise NotANotebook(
                f"{path.name} has {megabytes:.0f} MB; notebooks over {LARGEST_NOTEBOOK >> 20} MB are not opened. "
                "Ask for it with the outputs cleared."
            )
        return file.read(LARGEST_NOTEBOOK + 1).decode("utf-8")


def _upgraded(notebook: Any, name: str) -> tuple[NotebookJson, str]:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise NotANotebook(f"{name} is JSON, but no notebook. Ask for it again.")
    if notebook["nbformat"] == 4:
        if not isinstance(notebook.get("cells"), list):
            raise NotANotebook(f"{name} is a notebook without a list of cells. Ask for it again.")
        return notebook, ""
    from nbformat import NotebookNode, convert, from_dict

    version = str(notebook["nbformat"])[:20]
    try:
        upgraded: NotebookNode = convert(from_dict(notebook), 4)
    except Exception as error:  # the converter trusts what it is given, so anything can go wrong in it
        raise NotANotebook(
            f"{name} has the notebook format {version}, which cannot be converted to 4 ({str(error)[:200]}). "
            "Ask for it to be opened and saved in a current JupyterLab."
        ) from error
    note = f"{name} had the old notebook format {version}. It was converted to 4 for grading; compare it if in doubt."
    return dict(upgraded), note
