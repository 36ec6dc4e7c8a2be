"""Journals: what the processes of a run have to tell, one JSON object a line.

Each process has a journal of its own, which it inherits as an open file: the supervisor's is the course's word, and so
is that of a party in whose process no student's code runs; any other is a claim. Each line is written with one
``write`` on a file opened for appending, so lines of several threads never mix and a reader who comes in the middle of
a run sees whole lines only.
"""

import contextlib
import errno
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.simulator.folder import read_bytes

Entry = dict[str, Any]
"""An entry of a journal."""

_LONGEST = 16 << 20
"""Bytes of a journal that are read. That of a right answer takes about five thousand."""

_LONGEST_TEXT = 2000
"""Characters of a text that are written: the topic of a message can have millions."""

_LARGEST = 1 << 53
"""Numbers that are as large are in no entry of ours."""

_OF_THE_MACHINE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
"""Errors that nobody's file can cause: a journal that cannot be read for one of these is not an empty one."""


def create(path: Path) -> int:
    """Create a journal's file, and return a descriptor to write to it."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


class Journal:
    """Appends entries to a journal's open file."""

    def __init__(self, descriptor: int) -> None:
        self._fd = descriptor
        self._lock = threading.Lock()
        self._count = 0

    def write(self, kind: str, **fields: Any) -> None:
        """Append one entry: its running number, the time in seconds since the epoch, its ``kind`` and ``fields``."""
        with self._lock:
            self._count += 1
            fields = {name: value[:_LONGEST_TEXT] if type(value) is str else value for name, value in fields.items()}
            entry = {"n": self._count, "time": time.time(), "kind": kind, **fields}
            # ensure_ascii keeps lone surrogates from students' strings writable and readable.
            line = (json.dumps(entry, ensure_ascii=True) + "\n").encode()
            while line:  # on a disk that is nearly full only a part may go through
                line = line[os.write(self._fd, line) :]


class JournalReader:
    """Reads a journal, also while it is written.

    Attributes:
        is_full: whether the journal is as long as is read, so that entries may be missing at its end.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.is_full = False

    def read(self) -> list[Entry]:
        """Return the complete entries since the last call; none without a regular file.

        What is no entry is passed over.

        Raises:
            OSError: when this machine lacks what it takes to read a file.
        """
        if self._offset >= _LONGEST or self._has_all():
            return []
        try:
            data = read_bytes(self._path, _LONGEST - self._offset, self._offset)
        except OSError as error:
            if error.errno in _OF_THE_MACHINE:
                raise
            return []
        self.is_full = self._offset + len(data) >= _LONGEST
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [entry for line in whole.splitlines() if (entry := _entry(line))]

    def _has_all(self) -> bool:
        """Return whether nothing was added since the last call, which is found out many times a second in a run."""
        with contextlib.suppress(OSError):
            return 0 < self._offset == os.lstat(self._path).st_size
        return False


def _entry(line: bytes) -> Entry | None:
    """Return an entry whose fields all have values of the right kind; None for anything else."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or "kind" not in entry:
        return None
    return entry if all(is_one(entry[name]) for name, is_one in _FIELDS.items() if name in entry) else None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < _LARGEST


def _is_raised(value: Any) -> bool:
    """Return whether a value is a list of pairs of a line and a text."""
    pairs = isinstance(value, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in value)
    return pairs and all(_is_number(line) and _is_text(text) for line, text in value)


_FIELDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("kind", "site", "state", "error", "message", "method", "detail", "what"), _is_text),
    **dict.fromkeys(("sender", "receiver", "topic", "id", "task", "problem"), _is_text),
    **dict.fromkeys(("time", "line", "number"), _is_number),
    "missing": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "raised": _is_raised,
}
"""Fields that readers rely on. A student's party can write anything into its own journal."""
