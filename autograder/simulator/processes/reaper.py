"""Keeps a process tree together where there is no sandbox: ends all of it when its own standard input ends.

Started as ``python -m autograder.simulator.processes.reaper STARTER COMMAND…``, where the first is the starter's
number, with a pipe as its standard input. The first line that comes by it is handed to the command. Whatever comes next
ends everything, and so does the end of the pipe, which comes when the starter closes it or dies in any way. A process
that was forked from the starter can hold the pipe open, so the reaper also looks whether its starter is still there.

On Linux the reaper adopts processes whose parents have ended, so that it finds those that left their group or session
as well. Elsewhere it notes who is there while their parents live, and finds the others by a mark in their environment.
"""

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_LAST_LOOK = 0.2
_MARK = "AUTOGRADER_KEEPER"
"""A variable in the environment of all that a reaper starts, which those inherit that lose their parents."""
_BETWEEN_LOOKS = 0.25
"""Seconds between two looks at the starter and, where nobody adopts whoever loses its parent, at who is there."""


class Family:
    """The descendants of this process, also those whose parents have ended.

    Args:
        adopts: whether this process is the parent of those from then on.
    """

    def __init__(self, *, adopts: bool) -> None:
        self._adopts = adopts
        self._reaper = psutil.Process()
        self._known: set[psutil.Process] = set()
        self.mark = {_MARK: uuid.uuid4().hex}

    def look(self) -> None:
        """Take down who is there, as long as it can be told."""
        self._known |= _descendants(self._reaper)

    def end(self) -> None:
        """Kill all of them, also those that appear while it is done."""
        while killed := [process for process in self._stopped() if _sent(process.kill)]:
            psutil.wait_procs(killed, timeout=_LAST_LOOK)

    def _stopped(self) -> set[psutil.Process]:
        """Stop all of them, so that none starts another one and is gone before that is seen. Return them."""
        stopped: set[psutil.Process] = set()
        while fresh := self._living() - stopped:
            for process in fresh:
                _sent(process.suspend)
            stopped |= fresh
        return stopped

    def _living(self) -> set[psutil.Process]:
        for root in (self._reaper, *(() if self._adopts else self._known)):
            self._known = self._known | _descendants(root)
        if not self._adopts:
            self._known |= set(self._marked())
        return {process for process in self._known if _lives(process)}

    def _marked(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if self.mark.items() <= process.environ().items():
                    yield process


def _descendants(root: psutil.Process) -> set[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return set(root.children(recursive=True))
    return set()


def _lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _sent(signal: Callable[[], None]) -> bool:
    """Send a signal. Return whether there was somebody to take it, and it was allowed."""
    with contextlib.suppress(psutil.Error):
        signal()
        return True
    return False


def main(starter: int, command: list[str]) -> int:
    """Run a command until it is to end, and then end every descendant. Return the command's status."""
    adopts = _adopt_orphans()
    family = Family(adopts=adopts)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, **family.mark})
    over = threading.Event()
    for wait in (process.wait, partial(_hand_over_and_wait, process)):
        threading.Thread(target=_wait, args=(wait, over), daemon=True).start()
    while not over.wait(_BETWEEN_LOOKS) and os.getppid() == starter:
        if not adopts:
            family.look()
    family.end()
    return process.wait()


def _hand_over_and_wait(process: subprocess.Popen[bytes]) -> None:
    """Hand a line to the command. Return when more comes, or standard input ends."""
    assert process.stdin is not None
    line = b""
    while not line.endswith(b"\n") and (read := os.read(0, 1)):
        line += read
    with contextlib.suppress(BrokenPipeError), process.stdin as to:
        to.write(line)
    os.read(0, 1)


def _wait(wait: Callable[[], object], over: threading.Event) -> None:
    wait()
    over.set()


def _adopt_orphans() -> bool:
    """Become the parent of descendants that lose theirs. Return whether this system can do that."""
    with contextlib.suppress(AttributeError):
        return not ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return False


if __name__ == "__main__":
    os._exit(main(int(sys.argv[1]), sys.argv[2:]) & 0xFF)
