"""Showing things: as HTML in a notebook, as text in a terminal, and live while a run goes on."""

import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.display import DisplayHandle, display

from autograder.evidence.model import LogLine
from autograder.report import html, text
from autograder.report.model import ExerciseReport, RunSummary
from autograder.report.visible import wrap

if TYPE_CHECKING:
    from autograder.grading.progress import Progress

_PAUSE = 0.2
"""Seconds between two updates of what is shown, so that a busy run does not flood the browser."""


class Shown:
    """Something to display, in the richest form that the place can show."""

    def __init__(self, as_html: str, as_text: str) -> None:
        self.html = as_html
        self.text = as_text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text

    def __add__(self, other: "Shown") -> "Shown":
        """Both, one below the other."""
        return Shown(self.html + other.html, f"{self.text}\n\n{other.text}")


def notice(message: str) -> Shown:
    """A message of a sentence or two."""
    return Shown(
        html.notice(message), "\n".join(line for part in message.split("\n") for line in wrap(part, text.WIDTH))
    )


def rubric(report: ExerciseReport) -> Shown:
    """The rubric of an exercise."""
    return Shown(html.exercise(report), text.exercise(report))


def summary(run: RunSummary) -> Shown:
    """One run."""
    return Shown(html.run(run), text.run(run))


class Live:
    """One output that first tells how a run goes on and then, in the same place, what came of it.

    A terminal cannot take back what it has shown: there, log lines are printed as they come.
    """

    def __init__(self, in_kernel: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._in_kernel = in_kernel
        self._clock = clock
        self._lines: list[str] = []
        self._updated = 0.0
        self._handle: DisplayHandle | None = None
        self._step = ""
        self._show("Starting the simulator with your code. This takes a few seconds …")

    def __call__(self, progress: "Progress") -> None:
        """Take note of the run's progress; called by the run."""
        lines = [_log_line(line) for line in progress.new_lines]
        self._lines += lines
        if not self._in_kernel:
            self._print(progress.step, lines)
        elif self._clock() - self._updated >= _PAUSE:
            self._show(f"{progress.seconds:.1f} s: {progress.step}, {progress.messages} messages seen")

    def finish(self, shown: Shown) -> None:
        """Put the result in the place of what was shown so far."""
        if self._in_kernel and self._handle:
            self._handle.update(shown)  # type: ignore[no-untyped-call]
        else:
            print(shown.text)

    def _print(self, step: str, lines: list[str]) -> None:
        if step != self._step:
            print(f"… {step}")
            self._step = step
        for line in text.log(lines):
            print(line)

    def _show(self, message: str) -> None:
        self._updated = self._clock()
        if not self._in_kernel:
            print(message)
            return
        shown = notice(message)
        if self._lines:
            shown += Shown(html.log(self._lines), "\n".join(text.log(self._lines)))
        if self._handle:
            self._handle.update(shown)  # type: ignore[no-untyped-call]
        else:
            self._handle = display(shown, display_id=f"course-{uuid.uuid4()}")  # type: ignore[no-untyped-call]


def _log_line(line: LogLine) -> str:
    return f"{line.site}: {line.level} {line.logger}: {line.text}"
