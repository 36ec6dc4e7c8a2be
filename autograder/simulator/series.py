"""Runs one after another that share one sandbox, and nothing else."""

import contextlib
import math
import threading
from collections.abc import Iterator
from types import TracebackType

from autograder.simulator.folder import RunFolder, read_end
from autograder.simulator.limits import Limits
from autograder.simulator.processes import unsandboxed
from autograder.simulator.processes.sandboxed import ActiveRun
from autograder.simulator.processes.unsandboxed import StandbySupervisor
from autograder.simulator.sandbox import commands
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.sandbox_pool import LONGEST_SAID, Sandbox, SandboxPool


class RunSeries:
    """A context in which runs are made, one at a time, and from one thread: the sandbox ends with the thread.

    Nothing is started before the first run. Where the sandbox is in doubt, the next run gets a new fork server.
    Without a sandbox every run has processes of its own.

    Args:
        isolation: the sandbox, if there is one, when None.
        sandboxes: from where to have the sandbox; it is of this series only when None.
        standby: from where to have the processes of runs without a sandbox.

    Attributes:
        longest_start: seconds that the start of a run can take here without a student's doing, as seen at one of the
            last runs; unknown before the first in which the course's server has come up.

    Raises:
        NoSandbox: when no isolation was named and there is no sandbox.
    """

    def __init__(
        self,
        isolation: Isolation | None = None,
        sandboxes: SandboxPool | None = None,
        standby: StandbySupervisor | None = None,
    ) -> None:
        self.isolation = isolation or commands.isolation_for_grading()
        self._context = contextlib.ExitStack()
        self._sandboxes = sandboxes
        self._standby = standby
        self._lent: Sandbox | None = None
        self._is_doubtful = False
        self._playing = threading.Lock()
        self.longest_start = math.inf

    def __enter__(self) -> "RunSeries":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._context:
            if self._lent and (self._is_doubtful or error is not None):
                self._lent.end_server()

    @property
    def _sandbox(self) -> Sandbox:
        if self._lent is None:
            sandboxes = self._sandboxes or self._context.enter_context(SandboxPool())
            self._lent = self._context.enter_context(sandboxes.lend())
        return self._lent

    def doubt(self) -> None:
        """Let no other run use the fork server of the last one."""
        self._is_doubtful = True

    @contextlib.contextmanager
    def folder(self) -> Iterator[RunFolder]:
        """Yield a new folder for a run, which is gone when the context ends."""
        with self._sandbox.folder() as folder:
            yield folder

    @contextlib.contextmanager
    def play(self, folder: RunFolder, limits: Limits) -> Iterator[ActiveRun]:
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

    def _play(self, folder: RunFolder, limits: Limits) -> contextlib.AbstractContextManager[ActiveRun]:
        if self.isolation is Isolation.NONE:
            return unsandboxed.play(folder, self._standby)
        if self._is_doubtful:
            self._sandbox.end_server()
            self._is_doubtful = False
        return self._sandbox.play(folder, limits.disk)

    def said(self, folder: RunFolder) -> str:
        """Return the last output of a run's supervisor or, if there is none, of the sandbox; usually nothing."""
        return read_end(folder.supervisor_output, LONGEST_SAID) or self._sandbox.said()
