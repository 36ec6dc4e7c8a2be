"""An output of a cell that tells how a run goes on and then, in the same place, what came of it.

It is made with what every front end has: an output with an id, which is updated. No widget and no script is needed, and
what runs a notebook without a reader (nbconvert, Validate) keeps its newest version only.
"""

import time
import uuid
from collections.abc import Callable
from types import TracebackType

from IPython.display import DisplayHandle, display

from autograder.evidence.model import LogLine
from autograder.grading.progress import Progress, Step
from autograder.notebook.live_view import log_line, view, where
from autograder.notebook.show import Shown, say
from autograder.report import text

_PAUSE = 0.2
"""Seconds between two updates of what is shown, so that a busy run does not flood the browser."""

_MOST_LINES = 1000
"""Log lines that are kept while a run goes on: a student's loop can log without end."""


class Live:
    """An output that first tells how a run goes on and then, in the same place, what came of it.

    It is a context: whoever leaves it with an exception leaves behind how far the run came, and that it was stopped. A
    terminal cannot take back what it has shown: there, each new step is printed, and log lines as they come.

    Args:
        in_kernel: whether outputs can be updated.
        quiet: to show nothing before the end, for whoever looks at nothing else.
    """

    def __init__(self, in_kernel: bool, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._in_kernel = in_kernel
        self._quiet = quiet
        self._clock = clock
        self._lines: list[LogLine] = []
        self._updated = float("-inf")
        self._handle: DisplayHandle | None = None
        self._step: tuple[int, Step] | None = None
        self._progress = Progress()
        self._done = False
        self(self._progress)

    def __call__(self, progress: Progress) -> None:
        """Take note of the run's progress; called by the run."""
        self._progress = progress
        self._lines = [*self._lines, *progress.new_lines][-_MOST_LINES:]
        if self._quiet:
            return
        new_step = (progress.attempt, progress.step) != self._step
        self._step = (progress.attempt, progress.step)
        if not self._in_kernel:
            self._print(progress, new_step)
        elif new_step or self._clock() - self._updated >= _PAUSE:
            self._put(view(progress, self._lines))

    def finish(self, shown: Shown) -> None:
        """Put the result in the place of what was shown so far."""
        self._done = True
        if self._in_kernel:
            self._put(shown)
        else:
            say(shown.text)

    def __enter__(self) -> "Live":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None and self._in_kernel and not self._done and not self._quiet:
            self._put(view(self._progress, self._lines, stopped=True))

    def _print(self, progress: Progress, new_step: bool) -> None:
        if new_step:
            say(where(progress))
        for row in text.log(log_line(line) for line in progress.new_lines):
            say(row)

    def _put(self, shown: Shown) -> None:
        self._updated = self._clock()
        if self._handle:
            self._handle.update(shown)  # type: ignore[no-untyped-call]
        else:
            self._handle = display(shown, display_id=f"course-{uuid.uuid4()}")  # type: ignore[no-untyped-call]
