"""Finding and reading the notebook that was handed in. No link is followed and nothing waited for."""

import errno
import json
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.submission.model import Problem
from autograder.submission.skim import ATTACHMENTS, OUTPUTS, TooManyParts, without

LARGEST_FILE = 100_000_000
"""Bytes. nbgrader takes no larger files either (its ``max_file_size``)."""
LARGEST_NOTEBOOK = 10 << 20
"""Bytes without outputs and pictures. Most notebooks have some ten kilobytes; larger ones are not parsed."""

NotebookJson = dict[str, Any]
_STEPS = 3
"""The number of parts of a path that are shown: in a course folder ``submitted``, the student and the assignment."""
_SHOWN = 5
"""Names of files in a message."""
_ENDING = ".ipynb"
_ENDINGS = (_ENDING, ".txt", ".json")
"""The endings of a notebook's name: browsers and mail programs add an ending for what they take to be text."""

_GIT_CONFLICT = re.compile(rb"^(?:<{7} |>{7} |={7}\r?$)", re.MULTILINE)


class NotANotebook(Exception):
    """The file that was handed in is no notebook that could be read. The message is for the instructor.

    Attributes:
        code: why it cannot be read, such as ``file.not_json``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def find_notebook(path: Path, name: str) -> tuple[Path, Problem | None]:
    """Find the notebook that counts in a submission.

    That is the one with the right name, else the only one, if its name is the right one as tools and people change it.

    Args:
        path: the submission's folder, or a notebook.
        name: what the notebook has to be called, without its ending.

    Returns:
        Its path, and what is odd about the folder; None when nothing is.

    Raises:
        NotANotebook: when there is none, or it cannot be told which one.
    """
    try:
        if path.suffix == _ENDING and not path.is_dir():
            return path, None
        entries = sorted(entry.name for entry in path.iterdir())
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}. Check the folder and its permissions."
        raise NotANotebook("file.unreadable", message) from error
    wanted = f"{name}{_ENDING}"
    others = [entry for entry in entries if entry != wanted and _is_notebook(path / entry)]
    if wanted in entries:
        return path / wanted, _left_aside(others) if others else None
    if len(others) == 1 and is_named_like(others[0], name):
        message = f"There is no {wanted}. The only notebook, {others[0]}, was taken in its place."
        return path / others[0], Problem.note("file.other_name_taken", message)
    raise _none_found(Path(*path.parts[-_STEPS:]), wanted, others, entries)


def is_named_like(entry: str, name: str) -> bool:
    """Return whether a file's name is a notebook's name with something added or spelled another way.

    Such as ``name (2).ipynb``, ``name-Copy1.ipynb``, ``Copy of Name.ipynb`` or ``name.ipynb.txt``.
    """
    return _has_ending(entry) and _letters(name) in _letters(entry)


def _is_notebook(path: Path) -> bool:
    return _has_ending(path.name) and (path.is_symlink() or not path.is_dir())


def _has_ending(entry: str) -> bool:
    """Return whether a file's name is a notebook's; hidden files of editors and systems are not."""
    entry = entry.casefold()
    return _ENDING in entry and entry.endswith(_ENDINGS) and not entry.startswith(".")


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _left_aside(others: Sequence[str]) -> Problem:
    message = f"There are more notebooks in the folder, which were left aside: {_listed(others)}."
    return Problem.note("file.left_aside", message)


def _none_found(folder: Path, wanted: str, notebooks: Sequence[str], entries: Sequence[str]) -> NotANotebook:
    if notebooks:
        names = _listed(notebooks)
        message = f"There is no {wanted} in {folder}, but {names}. Rename the right one to {wanted} and grade again."
        return NotANotebook("file.other_name", message)
    there = f" It holds {_listed(entries)}." if entries else ""
    return NotANotebook("file.none", f"There is no notebook in {folder}.{there} Was the wrong folder handed in?")


def _listed(entries: Sequence[str]) -> str:
    return ", ".join(entries[:_SHOWN]) + (" and more" if len(entries) > _SHOWN else "")


def load_notebook(path: Path) -> tuple[NotebookJson, Problem | None]:
    """Read a notebook file without its outputs, and upgrade it to nbformat 4.

    Returns:
        The notebook, and what the instructor has to know about the upgrade; None when there was none.

    Raises:
        NotANotebook: when it cannot be read, or is no notebook.
    """
    text = b""
    try:
        text = _as_utf8(_bytes(path))
        notebook = json.loads(_counting(text, path.name).decode())
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}. Check the disk and grade again."
        raise NotANotebook("file.unreadable", message) from error
    except UnicodeDecodeError as error:
        raise NotANotebook(
            "file.not_text",
            f"{path.name} is no text in UTF-8, UTF-16 or UTF-32, so it is no notebook. Ask for it again.",
        ) from error
    except ValueError as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        if _GIT_CONFLICT.search(text):
            why = "git has left the marks of a merge in it, such as <<<<<<<"
        message = f"{path.name} is not JSON ({why}), so it is no notebook. Ask for it again."
        raise NotANotebook("file.not_json", message) from error
    except RecursionError as error:
        message = f"{path.name} is nested too deeply to be a notebook. Ask for it again."
        raise NotANotebook("file.too_deep", message) from error
    return _upgraded(notebook, path.name)


def _as_utf8(data: bytes) -> bytes:
    encoding = json.detect_encoding(data)
    return data if encoding == "utf-8" else data.decode(encoding).encode()


def _counting(text: bytes, name: str) -> bytes:
    """Return what counts of a notebook's JSON: no outputs, and no pictures if they make it too large."""
    try:
        text = without(text, OUTPUTS)
        if len(text) > LARGEST_NOTEBOOK:
            text = without(text, ATTACHMENTS)
    except TooManyParts as error:
        raise NotANotebook(
            "file.too_many_parts",
            f"{name} has outputs of too many parts to be read. Ask for it with the outputs cleared.",
        ) from error
    if len(text) > LARGEST_NOTEBOOK:
        raise NotANotebook(
            "file.too_large",
            f"{name} has {len(text) / (1 << 20):.0f} MB without its outputs; notebooks over "
            f"{LARGEST_NOTEBOOK >> 20} MB are not opened. Ask for it without data in its cells.",
        )
    return text


def _bytes(path: Path) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = "it is a link" if error.errno == errno.ELOOP else error.strerror
        message = f"{path.name} cannot be read: {why}. Check the file and its permissions."
        raise NotANotebook("file.unreadable", message) from error
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        os.close(fd)
        message = f"{path.name} is no file but something of another kind. Ask for the notebook again."
        raise NotANotebook("file.no_file", message)
    with os.fdopen(fd, "rb") as file:
        if status.st_size > LARGEST_FILE:
            raise NotANotebook(
                "file.too_large",
                f"{path.name} has {status.st_size / 1_000_000:.0f} MB; files over {LARGEST_FILE // 1_000_000} MB "
                "are not opened. Ask for it with the outputs cleared.",
            )
        return file.read(status.st_size)


def _upgraded(notebook: Any, name: str) -> tuple[NotebookJson, Problem | None]:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise NotANotebook("file.no_notebook", f"{name} is JSON, but no notebook. Ask for it again.")
    if notebook["nbformat"] == 4:
        if not isinstance(notebook.get("cells"), list):
            raise NotANotebook("file.no_cells", f"{name} is a notebook without a list of cells. Ask for it again.")
        return notebook, None
    from nbformat import NotebookNode, convert, from_dict

    version = str(notebook["nbformat"])[:20]
    try:
        upgraded: NotebookNode = convert(from_dict(notebook), 4)
    except Exception as error:  # the converter trusts what it is given, so anything can go wrong in it
        raise NotANotebook(
            "file.other_format",
            f"{name} has the notebook format {version}, which cannot be converted to 4 ({str(error)[:200]}). "
            "Ask for it to be opened and saved in a current JupyterLab.",
        ) from error
    note = f"{name} had the old notebook format {version}. It was converted to 4 for grading; compare it if in doubt."
    return dict(upgraded), Problem.note("file.old_format", note)
