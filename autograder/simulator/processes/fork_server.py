"""The first process in a fork server's sandbox: imports NVFlare once, and forks a supervisor for each run.

`autograder.simulator.processes.sandboxed` starts ``python -m autograder.simulator.processes.fork_server BUBBLEWRAP
SOCKET`` there. On the socket the grader sends the order for a run, together with a socket for that run, then the order
to end it, and so on.

Each run gets a sandbox of its own inside this one, with namespaces of every kind: so the kernel ends all of
it together, and nothing of one run can be seen in the next. This process has no thread, enters no run, reads no file
of one and knows no more of it than its folder's name: whatever it knew would be in the memory of all that come later.
"""

import contextlib
import json
import os
import signal
import socket
import sys
import time
from functools import partial
from pathlib import Path

from autograder.simulator.disk import WORK_DIR
from autograder.simulator.folder import RunFolder
from autograder.simulator.processes import forking, supervisor
from autograder.simulator.sandbox import inner
from autograder.simulator.sandbox.inner import Making

PATIENCE = 10.0
"""Seconds for which the end of killed processes is awaited. It takes some milliseconds on an idle machine."""
ENDED = b"ended"
"""What is answered when no process of a run is left. Any other answer means that some may be."""
_LONGEST_ORDER = 4096
_POLL = 0.005


class _Run:
    """A run that is being played.

    Args:
        folder: the name of its folder.
        disk: bytes in memory for the working folders of students' parties.
        channel: the socket on which its supervisor tells the grader that it is there.
    """

    def __init__(self, bubblewrap: str, folder: str, disk: int, channel: int) -> None:
        seen_here, seen_there = RunFolder(Path(inner.RUNS, folder)), RunFolder(Path(WORK_DIR))
        output = seen_here.supervisor_output
        with output.open("ab") as file:
            self._sandbox = Making(inner.for_run(bubblewrap, seen_here, disk), file.fileno()).done()
        self._pid = 0
        if self._sandbox.first is not None:
            supervise = partial(supervisor.supervise, seen_there, bubblewrap, channel)
            self._pid = forking.fork_supervisor(supervise, channel, output, self._sandbox, WORK_DIR)

    def end(self) -> bool:
        """Kill all of it. Return whether nothing is left."""
        gone = self._sandbox.end_for_good(PATIENCE)
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        return gone and _is_alone()


def _is_alone() -> bool:
    """Return whether no process is left but this one and the namespace's first, which may have to reap one."""
    deadline = time.monotonic() + PATIENCE
    own = {1, os.getpid()}
    while {int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()} - own:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def serve(bubblewrap: str, grader: socket.socket) -> None:
    """Play one run after another. Return when the grader is gone; the sandbox then ends, with all that is in it."""
    while True:
        told, channels, _, _ = socket.recv_fds(grader, _LONGEST_ORDER, 1)
        if not told:
            return
        order = json.loads(told)
        run = _Run(bubblewrap, order["folder"], order["disk"], channels[0])
        os.close(channels[0])
        if not grader.recv(_LONGEST_ORDER):
            return
        grader.send(ENDED if run.end() else b"something is left")


def main(bubblewrap: str, channel: str) -> None:
    """Import NVFlare, then serve."""
    forking.import_everything()
    with socket.socket(fileno=int(channel)) as grader:
        serve(bubblewrap, grader)


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)
