"""Texts and code of a notebook as HTML, in a process that is ended when they take too long or too much.

A page has an allowance of time and size, so that neither one text nor many of them can keep a class waiting.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import IO, Any

from autograder.nbgrader_plugin import render_worker

LONGEST_TEXT = 50_000
"""Characters. The longest text of the course has some two thousand; a longer one than this is not rendered."""

LONGEST_CODE = 100_000
"""Characters of a cell that are highlighted."""

LIMIT = 1.5
"""Seconds of CPU time for one text or one cell of code. One of ordinary length takes a few hundredths."""

_LONGEST_WAIT = 120.0
"""Seconds of wall time for an answer, or for the process to start, on a machine that is as good as standing still."""

_LONGEST_REMEMBERED = 20_000

_WHY = {
    render_worker.TOO_LARGE: "it becomes too large a page",
    render_worker.TOO_DEEP: "it is nested too deeply",
    render_worker.NO_MEMORY: "it takes too much memory to render",
    render_worker.FAILED: "it could not be made into a page",
}
TOO_LONG = "it took too long to render"
ENDED = "rendering it ended the process that does so"
NO_TIME_LEFT = "what comes before it took all the time that there is for a page"
NO_ROOM_LEFT = "what comes before it has filled the page"


class NotRendered(Exception):
    """A piece that has no HTML. The message says why, as the end of a sentence."""


class RenderingUnavailable(Exception):
    """The process that renders could not be started, so no page can be made. The message says so."""


@dataclass
class Allowance:
    """The room that is left on one page for a student's pieces. The course's own are always there.

    Attributes:
        seconds: of CPU time.
        characters: of HTML, with images.
    """

    seconds: float = 4.0
    characters: int = 16_000_000

    @property
    def limit(self) -> float:
        """Return the seconds for the next piece.

        Raises:
            NotRendered: when none are left.
        """
        if self.seconds <= 0:
            raise NotRendered(NO_TIME_LEFT)
        return min(LIMIT, self.seconds)

    def take(self, page: str, seconds: float) -> str:
        """Put HTML on the page.

        Raises:
            NotRendered: when there is no more room on it.
        """
        self.seconds -= seconds
        if len(page) > self.characters:
            raise NotRendered(NO_ROOM_LEFT)
        self.characters -= len(page)
        return page


@dataclass(frozen=True)
class Piece:
    """A text, or code, of a notebook.

    Attributes:
        language: what highlights it; empty when it is a text in Markdown.
        attachments: a text's, as in its cell.
        by_student: whether a student wrote it.
    """

    source: str
    language: str = ""
    attachments: Mapping[str, Any] = field(default_factory=dict)
    by_student: bool = True


def rendered(piece: Piece, allowance: Allowance) -> str:
    """Return the HTML of a piece, without anything that could run, fetch or leave its place.

    Raises:
        NotRendered: when there is none.
        RenderingUnavailable: when the process for it cannot be started.
    """
    if not piece.by_student:
        return _html(piece, LIMIT)[0]
    limit = allowance.limit
    try:
        page, seconds = _html(piece, limit)
    except NotRendered:
        allowance.seconds -= limit
        raise
    return allowance.take(page, seconds)


def _html(piece: Piece, limit: float) -> tuple[str, float]:
    if len(piece.source) > _LONGEST_REMEMBERED or piece.attachments:
        return _process.html(piece, limit)
    return _remembered(piece.source, piece.language, piece.by_student, limit)


@lru_cache(maxsize=512)
def _remembered(source: str, language: str, by_student: bool, limit: float) -> tuple[str, float]:
    """Render once what a class has in common. What cannot be rendered is an exception, which is not kept."""
    return _process.html(Piece(source, language, by_student=by_student), limit)


class _Process:
    """The process that renders: started when it is needed, and anew when it has ended at a limit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def html(self, piece: Piece, limit: float) -> tuple[str, float]:
        """Return the HTML of a piece, and the CPU time that it took.

        Raises:
            NotRendered: when there is none.
            RenderingUnavailable: when the process cannot be started.
        """
        with self._lock:
            told = self._asked(json.dumps({**asdict(piece), "limit": limit}).encode() + b"\n")
        if "html" not in told:
            raise NotRendered(_WHY[told["why"]])
        return told["html"], float(told["seconds"])

    def _asked(self, request: bytes) -> dict[str, Any]:
        process = self._started()
        try:
            _write(process, request)
            return _line(process)
        except TimeoutError:
            self.end()
            raise NotRendered(TOO_LONG) from None
        except (OSError, EOFError):
            self.end()
            raise NotRendered(TOO_LONG if process.returncode == -signal.SIGPROF else ENDED) from None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._running is None or self._running.poll() is not None:
            self.end()
            self._running = subprocess.Popen(
                [sys.executable, "-m", render_worker.__name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,  # a terminal's Ctrl-C is for the command
            )
            try:
                _line(self._running)
            except (OSError, EOFError) as error:
                self.end()
                raise RenderingUnavailable("the process that renders texts for pages could not be started") from error
        return self._running

    def end(self) -> None:
        """End the process, if there is one."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            _pipe(self._running.stdin).close()
            _pipe(self._running.stdout).close()
            self._running = None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "it was started with both"
    return pipe


def _write(process: subprocess.Popen[bytes], request: bytes) -> None:
    left = memoryview(request)
    while left:
        left = left[os.write(_pipe(process.stdin).fileno(), left) :]


def _line(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Return the next line that the process writes.

    Raises:
        EOFError: when it has ended.
        TimeoutError: when it writes none for a long time.
    """
    fd, until, read = _pipe(process.stdout).fileno(), time.monotonic() + _LONGEST_WAIT, bytearray()
    while not read.endswith(b"\n"):
        ready, _, _ = select.select([fd], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        if not (part := os.read(fd, 1 << 20)):
            raise EOFError
        read += part
    told: dict[str, Any] = json.loads(read)
    return told


_process = _Process()
atexit.register(_process.end)
