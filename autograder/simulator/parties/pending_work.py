"""Tells what may still come of what this process does, apart from messages: threads and tasks; and what it has logged.

As in `autograder.simulator.nvflare_private.message_counters`, a student's code could change it in its own process. It
decides when a run is over, and never what an answer is worth.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from autograder.simulator.parties.started_work import StartedWork


class PendingWork:
    """The pending work of the components in one process.

    Attributes:
        tasks: how many tasks are being executed: a client does one at a time.
        begun: how many tasks have come, at a client.
        given: how many tasks were given to each client, on the server.
    """

    def __init__(self, started_work: StartedWork) -> None:
        self._started_work = started_work
        self._lock = threading.Lock()
        self.tasks = 0
        self.begun = 0
        self.given: Counter[str] = Counter()
        self._lines: Counter[str] = Counter()

    def listen(self, prefixes: Iterable[str]) -> None:
        """Count from now on the log lines that begin with these."""
        if prefixes := tuple(prefixes):
            logging.getLogger().addHandler(_Listener(prefixes, self._note_line))

    def _note_line(self, prefix: str) -> None:
        with self._lock:
            self._lines[prefix] += 1

    @property
    def said(self) -> dict[str, int]:
        """Return how many lines began with each prefix."""
        with self._lock:
            return dict(self._lines)

    def counts(self) -> dict[str, int]:
        """Return the number of components' threads that do something, of tasks in execution, and of all tasks."""
        return {"threads": self._started_work.count(), "tasks": self.tasks, "begun": self.begun}


class _Listener(logging.Handler):
    def __init__(self, prefixes: tuple[str, ...], note: Any) -> None:
        super().__init__()
        self._prefixes = prefixes
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        text = _without_context(record.getMessage())
        for prefix in self._prefixes:
            if text.startswith(prefix):
                self._note(prefix)


def _without_context(text: str) -> str:
    """Return what a component logged, without what ``log_info`` puts before it in brackets."""
    return text.partition("]: ")[2] if text.startswith("[") and "]: " in text else text
