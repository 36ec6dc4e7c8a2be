"""Runs one after another that share one sandbox, and one import of NVFlare in it, and nothing else."""

import contextlib
import math
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from autograder.simulator.folder import RunFolder, read_end
from autograder.simulator.limits import Limits
from autograder.simulator.processes import process_trees
from autograder.simulator.processes.process_trees import ForkServer, Playing
from autograder.simulator.sandbox import commands
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.stale_run_dirs import run_folder

_LONGEST_SAID = 2000


class RunSeries:
    """A context in which runs are made, one at a time, and from one thread: the sandbox ends with the thread.

    Nothing is started before the first run. When anything of a run went wrong, the next one gets a new sandbox.
    Without a sandbox every run has processes of its own.

    Args:
        isolation: the sandbox, if there is one, when None.

    Attributes:
        longest_start: seconds that the start of a run can take here without a student's doing, as seen at one of the
            last runs; unknown before the first in which the course's server has come up.

    Raises:
        NoSandbox: when no isolation was named and there is no sandbox.
    """

    def __init__(self, isolation: Isolation | None = None) -> None:
        self.isolation = isolation or commands.isolation_for_grading()
        self._context = contextlib.ExitStack()
        self._place: Path | None = None
        self._server: ForkServer | None = None
        self._playing = threading.Lock()
        self.longest_start = math.inf

    def __enter__(self) -> "RunSeries":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._server:
                self._server.end()
        finally:
            self._context.close()

    @contextlib.contextmanager
    def folder(self) -> Iterator[RunFolder]:
        """Yield a new folder for a run, which is gone when the context ends."""
        if self._place is None:
            self._place = self._context.enter_context(run_folder(_parent_of_runs()))
        folder = RunFolder(Path(tempfile.mkdtemp(prefix="run-", dir=self._place)))
        try:
            yield folder
        finally:
            folder.close()
            shutil.rmtree(folder.root, ignore_errors=True)

    @contextlib.contextmanager
    def play(self, folder: RunFolder, limits: Limits) -> Iterator[Playing]:
        """Play the run that is written in a `folder`. When the context ends, none of its processes is left.

        Raises:
            RuntimeError: when another run of the series is being played.
        """
        if not self._playing.acquire(blocking=False):
            raise RuntimeError("a series plays one run at a time")
        try:
            with self._play(folder, limits) as playing:
                yield playing
        finally:
            self._playing.release()

    def _play(self, folder: RunFolder, limits: Limits) -> contextlib.AbstractContextManager[Playing]:
        if self.isolation is Isolation.NONE:
            return process_trees.kept(folder)
        if self._server and not self._server.is_usable:
            self._server.end()
            self._server = None
        if self._server is None:
            self._server = ForkServer(folder.root.parent, self._output(folder))
        return self._server.play(folder, limits.disk)

    def said(self, folder: RunFolder) -> str:
        """Return the last output of a run's supervisor or, if there is none, of the sandbox; usually nothing."""
        for path in (folder.supervisor_output, self._output(folder)):
            if text := read_end(path, _LONGEST_SAID):
                return text
        return ""

    def _output(self, folder: RunFolder) -> Path:
        return folder.root.parent / "sandbox.txt"


def _parent_of_runs() -> str | None:
    """Return ``/tmp`` if the temporary folder has a space, at which the simulator would split command lines."""
    return "/tmp" if " " in tempfile.gettempdir() else None
