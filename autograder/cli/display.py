"""Showing how long work goes on: a moving bar on a terminal, plain lines anywhere else."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.report.model import Report, Verdict
from autograder.report.sanitize import visible
from autograder.report.words import number

_MOST_NAMES = 3


class Display(Protocol):
    """The listener to work with several items; it fits `autograder.grading.batch.Listener`."""

    def started(self, name: str) -> None:
        """Take note that work on an item has begun."""

    def finished(self, name: str, report: Report | None = None) -> None:
        """Take note that work on an item is done."""


@contextlib.contextmanager
def display(what: str, total: int) -> Iterator[Display]:
    """Yield a display for ``total`` items, on the standard error output.

    When nobody can be told any more (the terminal is gone, the disk full), the work goes on all the same.
    """
    if not total:
        yield _Silent()
    elif sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[running]}"),
        )
        with Progress(*columns, console=Console(stderr=True)) as progress:
            yield _Bar(progress, what, total)
    else:
        yield _Lines(what, total)


class _Silent:
    def started(self, name: str) -> None:
        pass

    def finished(self, name: str, report: Report | None = None) -> None:
        pass


class _Bar:
    def __init__(self, progress: Progress, what: str, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=total, running="")
        self._running: dict[str, None] = {}
        self._lock = threading.Lock()

    def started(self, name: str) -> None:
        with self._lock:
            self._running[name] = None
            self._show(0)

    def finished(self, name: str, report: Report | None = None) -> None:
        with self._lock:
            self._running.pop(name, None)
            self._show(1)

    def _show(self, advance: int) -> None:
        names = [visible(name, 20) for name in self._running][:_MOST_NAMES]
        more = f" and {len(self._running) - len(names)} more" if len(self._running) > len(names) else ""
        self._progress.update(self._task, advance=advance, running=escape(", ".join(names) + more))


class _Lines:
    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._begun = time.monotonic()
        self._lock = threading.Lock()

    def started(self, name: str) -> None:
        pass

    def finished(self, name: str, report: Report | None = None) -> None:
        with self._lock:
            self._done += 1
            said = f": {_result(report)}" if report else ""
            line = f"{self._what} {self._done}/{self._total} {visible(name, 40)}{said}{self._left()}"
            with contextlib.suppress(OSError):
                print(line, file=sys.stderr, flush=True)

    def _left(self) -> str:
        left = self._total - self._done
        seconds = (time.monotonic() - self._begun) / self._done * left
        return f" (about {in_words(seconds)} left)" if seconds > 1 else ""


def _result(report: Report) -> str:
    if report.verdict in (Verdict.PASSED, Verdict.NOT_PASSED):
        return f"{number(report.points)} of {number(report.max_points)}"
    return str(report.verdict)


def in_words(seconds: float) -> str:
    """Return a time span for people, such as ``40 seconds`` or ``3 minutes``."""
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
