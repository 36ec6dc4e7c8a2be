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
    """Open the run's journal for this process. Its children do not learn of it."""
    global _journal
    _journal = Journal(path)


def current() -> Journal:
    """The journal of this process's run.

    Raises:
        RuntimeError: when none was announced, which means that a course component runs outside autograder's launcher.
    """
    if _journal is None:
        raise RuntimeError("no journal was announced: the course's components run only under autograder's launcher")
    return _journal
