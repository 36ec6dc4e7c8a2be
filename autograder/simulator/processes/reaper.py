"""Keeps a process tree together where there is no sandbox: ends all of it when its own standard input ends.

Started as ``python -m autograder.simulator.processes.reaper COMMAND…`` with a pipe as its standard input. The pipe ends
when the starter closes it and also when the starter dies in any way, so nothing outlives it. On Linux the keeper adopts
processes whose parents have ended, so that it finds those that left their group or session as well.
"""

import contextlib
import ctypes
import os
import subprocess
import sys
import threading

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_LAST_LOOK = 0.2


def main(command: list[str]) -> int:
    """Run a command until it ends or standard input does; then end every descendant. Return the command's status."""
    _adopt_orphans()
    # Standard input stays the keeper's own: a command that could read from it would hold the pipe open.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=_kill_at_end_of_input, args=(process,), daemon=True).start()
    status = process.wait()
    end_descendants(psutil.Process())
    return status


def end_descendants(of: psutil.Process) -> None:
    """Kill every descendant of a process, also those that appear while it is done."""
    while True:
        descendants = of.children(recursive=True)
        for descendant in descendants:
            with contextlib.suppress(psutil.NoSuchProcess):
                descendant.kill()
        if not descendants:
            return
        psutil.wait_procs(descendants, timeout=_LAST_LOOK)


def _kill_at_end_of_input(process: subprocess.Popen[bytes]) -> None:
    os.read(0, 1)
    process.kill()


def _adopt_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]) & 0xFF)
