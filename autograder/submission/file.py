"""Finding and reading the notebook that was handed in. No link is followed and nothing waited for."""

import errno
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

from autograder.report.reasons import Datum
from autograder.submission.model import Problem
from autograder.submission.skim import ATTACHMENTS, OUTPUTS, TooManyParts, without

LARGEST_FILE = 100_000_000
"""Bytes. nbgrader takes no larger files either (its ``max_file_size``)."""
LARGEST_NOTEBOOK = 10 << 20
"""Bytes without outputs and pictures. Most notebooks have some ten kilobytes; larger ones are not parsed."""

NotebookJson = dict[str, Any]
_STEPS = 3
"""The number of parts of a path that are shown: in a course folder ``submitted``, the student and the assignment."""
_ENDING = ".ipynb"
_ENDINGS = (_ENDING, ".txt", ".json")
"""The endings of a notebook's name: browsers and mail programs add an ending for what they take to be text."""

_GIT_CONFLICT = re.compile(rb"^(?:<{7} |>{7} |={7}\r?$)", re.MULTILINE)


class NotANotebook(Exception):
    """The file that was handed in is no notebook that could be read. The message is for the instructor.

    Attributes:
        problem: why it cannot be read.
    """

    def __init__(self, code: str, **data: Datum) -> None:
        self.problem = Problem.fatal(code, **data)
        super().__init__(self.problem.message)


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
        raise NotANotebook("folder.unreadable", folder=str(path), error=error.strerror or str(error)) from error
    wanted = f"{name}{_ENDING}"
    others = [entry for entry in entries if entry != wanted and _is_notebook(path / entry)]
    if wanted in entries:
        return path / wanted, Problem.note("file.left_aside", notebooks=tuple(others)) if others else None
    if len(others) == 1 and is_named_like(others[0], name):
        return path / others[0], Problem.note("file.other_name_taken", wanted=wanted, file=others[0])
    folder = str(Path(*path.parts[-_STEPS:]))
    if others:
        raise NotANotebook("file.other_name", folder=folder, wanted=wanted, notebooks=tuple(others))
    raise NotANotebook("file.none", folder=folder, entries=tuple(entries))


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
        raise NotANotebook("file.broken_off", file=path.name, error=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise NotANotebook("file.not_text", file=path.name) from error
    except ValueError as error:
        if _GIT_CONFLICT.search(text):
            raise NotANotebook("file.git_conflict", file=path.name) from error
        why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise NotANotebook("file.not_json", file=path.name, error=why) from error
    except RecursionError as error:
        raise NotANotebook("file.too_deep", file=path.name) from error
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
        raise NotANotebook("file.too_many_parts", file=name) from error
    if len(text) > LARGEST_NOTEBOOK:
        megabytes = round(len(text) / (1 << 20))
        raise NotANotebook("file.too_much", file=name, megabytes=megabytes, most=LARGEST_NOTEBOOK >> 20)
    return text


def _bytes(path: Path) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotANotebook("file.link", file=path.name) from error
        raise NotANotebook("file.unreadable", file=path.name, error=error.strerror or str(error)) from error
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        os.close(fd)
        raise NotANotebook("file.no_file", file=path.name)
    with os.fdopen(fd, "rb") as file:
        if status.st_size > LARGEST_FILE:
            megabytes, most = round(status.st_size / 1_000_000), LARGEST_FILE // 1_000_000
            raise NotANotebook("file.too_large", file=path.name, megabytes=megabytes, most=most)
        return file.read(status.st_size)


def _upgraded(notebook: Any, name: str) -> tuple[NotebookJson, Problem | None]:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise NotANotebook("file.no_notebook", file=name)
    if notebook["nbformat"] == 4:
        if not isinstance(notebook.get("cells"), list):
            raise NotANotebook("file.no_cells", file=name)
        return notebook, None
    from nbformat import NotebookNode, convert, from_dict

    version = str(notebook["nbformat"])[:20]
    try:
        upgraded: NotebookNode = convert(from_dict(notebook), 4)
    except Exception as error:  # the converter trusts what it is given, so anything can go wrong in it
        raise NotANotebook("file.other_format", file=name, version=version, error=str(error)[:200]) from error
    return dict(upgraded), Problem.note("file.old_format", file=name, version=version)
