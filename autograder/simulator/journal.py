"""The message journal: what the course's own parts saw during a run, one JSON object a line.

The journal is written by the process that runs the simulator's server and by nothing else. Each line is written with
one ``write`` on a file opened for appending, so lines of several threads never mix and a reader who comes in the middle
of a run sees whole lines only.
"""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

JOURNAL_NAME = "journal.jsonl"
_ENVIRONMENT_KEY = "AUTOGRADER_JOURNAL"


class Journal:
    """Appends entries to the journal file at ``path``."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._lock = threading.Lock()
        self._count = 0

    def write(self, kind: str, **fields: Any) -> None:
        """Append one entry: its running number, the time in seconds since the epoch, its ``kind`` and ``fields``."""
        with self._lock:
            self._count += 1
            entry = {"n": self._count, "time": time.time(), "kind": kind, **fields}
            # ensure_ascii keeps lone surrogates from students' strings writable and readable.
            os.write(self._fd, (json.dumps(entry, ensure_ascii=True) + "\n").encode())


_journal: Journal | None = None


def announce(path: Path) -> None:
    """Tell this process (and no child, see `current`) where the run's journal is."""
    os.environ[_ENVIRONMENT_KEY] = str(path)


def current() -> Journal:
    """The journal of this process's run, opened at the first call.

    Raises:
        RuntimeError: when no journal was announced in this process.
    """
    global _journal
    if _journal is None:
        path = os.environ.get(_ENVIRONMENT_KEY)
        if not path:
            raise RuntimeError("no journal was announced: course components run only under autograder's launcher")
        _journal = Journal(Path(path))
    return _journal
