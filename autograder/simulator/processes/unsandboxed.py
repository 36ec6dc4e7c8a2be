"""Runs without a sandbox, as on a student's machine: each under a reaper, which ends its descendants when told so."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import autograder
from autograder.simulator.folder import RunFolder
from autograder.simulator.processes import interpreters, reaper, waiting_supervisor
from autograder.simulator.processes.fork_server import PATIENCE

_PYTHON = (sys.executable, "-P", "-m")
"""Without the folder of whoever starts it on its path: modules beside a notebook are not there when it is graded."""
_END = b"\n\n"
"""An empty line in place of a run's folder, and one more, which ends the reaper."""


class _Run:
    """A run that is being played: see `autograder.simulator.processes.sandboxed.ActiveRun`."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def is_alive(self) -> bool:
        """Return whether its supervisor is there."""
        return self._process.poll() is None


class StandbySupervisor:
    """A reaper with a supervisor that has imported NVFlare already, for the next run: at most one, and none at first.

    It ends with this process, or after some minutes in which it was not needed.
    """

    def __init__(self) -> None:
        self._waiting: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}

    def fill(self) -> None:
        """Start one if there is none, and if that is possible.

        Where each party is a new interpreter, it would be of no use.
        """
        if interpreters.are_needed() or self._is_usable():
            return
        self.end()
        self._environment = dict(os.environ)
        with contextlib.suppress(OSError):  # the next run then starts its own, or says why it cannot
            self._waiting = _started(subprocess.DEVNULL)

    def take(self) -> "subprocess.Popen[bytes] | None":
        """Return it if there is one, and the environment is still that in which it was started."""
        if not self._is_usable():
            return None
        taken, self._waiting = self._waiting, None
        return taken

    def end(self) -> None:
        """End it."""
        if self._waiting is not None:
            _end(self._waiting)
            self._waiting = None

    def _is_usable(self) -> bool:
        waiting = self._waiting
        return waiting is not None and waiting.poll() is None and self._environment == dict(os.environ)


@contextlib.contextmanager
def play(folder: RunFolder, standby: StandbySupervisor | None = None) -> Iterator[_Run]:
    """Play a run, of whose processes none is left when the context ends.

    Args:
        standby: from which to take the supervisor, and which is filled again at the end.
    """
    process = standby.take() if standby else None
    if process is None:
        with folder.supervisor_output.open("wb") as output:
            process = _started(output.fileno())
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended, which is noticed by whoever watches the run
            process.stdin.write(f"{folder.root}\n".encode())
            process.stdin.flush()
        yield _Run(process)
    finally:
        _end(process)
        if standby:
            standby.fill()


def _started(output: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        (*_PYTHON, reaper.__name__, str(os.getpid()), *_PYTHON, waiting_supervisor.__name__),
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=_environment(),
        start_new_session=True,  # Ctrl-C in a terminal is for whoever watches the run, and then ends it
    )


def _environment() -> dict[str, str]:
    root = str(Path(autograder.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin as to:
        to.write(_END)  # what was forked from this process may hold the pipe open
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
