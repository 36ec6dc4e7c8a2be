"""A pool of sandboxes with a fork server each, so that NVFlare is imported once for many series of runs."""

import contextlib
import shlex
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from autograder.simulator.folder import RunFolder, read_end
from autograder.simulator.processes.sandboxed import ActiveRun, ForkServer
from autograder.simulator.stale_run_dirs import run_folder

MOST_RUNS = 200
"""Runs after which a fork server is replaced."""
LONGEST_SAID = 2000
"""Bytes that are read of what a supervisor or a sandbox has printed."""


class Sandbox:
    """A folder for runs, and the fork server that plays them: started for the first run, replaced when in doubt."""

    def __init__(self) -> None:
        self._context = contextlib.ExitStack()
        self._place = self._context.enter_context(run_folder(_parent_of_runs()))
        self._server: ForkServer | None = None
        self._runs = 0

    @property
    def is_there(self) -> bool:
        """Return whether its folder still exists."""
        return self._place.is_dir()

    @contextlib.contextmanager
    def folder(self) -> Iterator[RunFolder]:
        """Yield a new folder for a run, which is gone when the context ends."""
        folder = RunFolder(Path(tempfile.mkdtemp(prefix="run-", dir=self._place)))
        try:
            yield folder
        finally:
            folder.close()
            shutil.rmtree(folder.root, ignore_errors=True)

    def play(self, folder: RunFolder, disk: int) -> contextlib.AbstractContextManager[ActiveRun]:
        """Play the run that is written in a `folder`: see `ForkServer.play`."""
        if self._server and not (self._server.is_usable and self._runs < MOST_RUNS and not self.said()):
            self.end_server()
        if self._server is None:
            self._server, self._runs = ForkServer(self._place, self._output), 0
        self._runs += 1
        return self._server.play(folder, disk)

    def said(self) -> str:
        """Return the last output of bubblewrap and the fork server; there is some when something went wrong only."""
        return read_end(self._output, LONGEST_SAID)

    def end_server(self) -> None:
        """End the fork server. The next run gets another one."""
        if self._server:
            self._server.end()
            self._server = None

    def close(self) -> None:
        """End everything, and remove the folder."""
        try:
            self.end_server()
        finally:
            self._context.close()

    @property
    def _output(self) -> Path:
        return self._place / "sandbox.txt"


class SandboxPool:
    """A context in which sandboxes are lent, and at whose end none of them is left.

    A sandbox ends with the thread that started its fork server, so each thread gets its own back only.
    """

    def __init__(self) -> None:
        self._all: list[Sandbox] = []
        self._of_thread = threading.local()

    def __enter__(self) -> "SandboxPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.ExitStack() as ending:
            for sandbox in self._all:
                ending.callback(sandbox.close)

    @contextlib.contextmanager
    def lend(self) -> Iterator[Sandbox]:
        """Yield a sandbox that nobody else uses until the context ends.

        Raises:
            OSError: when no folder can be made.
        """
        free: list[Sandbox] = self._of_thread.__dict__.setdefault("free", [])
        sandbox = free.pop() if free else self._new()
        if not sandbox.is_there:  # somebody has cleaned up
            sandbox.close()
            sandbox = self._new()
        try:
            yield sandbox
        finally:
            free.append(sandbox)

    def _new(self) -> Sandbox:
        sandbox = Sandbox()
        self._all.append(sandbox)
        return sandbox


def _parent_of_runs() -> str | None:
    """Return ``/tmp`` if the temporary folder is called what the simulator could not read in a command line."""
    usual = tempfile.gettempdir()
    return None if shlex.quote(usual) == usual else "/tmp"
