"""The processes of runs, told from one that waits for the next run."""

import time

import psutil

from autograder.simulator.processes import waiting_supervisor
from tests.tools.course_folder import PATIENCE


def of_runs(root: psutil.Process) -> list[psutil.Process]:
    """All processes below one, but for a reaper with a supervisor that may wait for the next run of each kernel."""
    below = root.children(recursive=True)
    allowed: set[psutil.Process] = set()
    for parent in (root, *below):
        if not is_waiting(parent):
            for reaper in _waiting(parent)[:1]:
                allowed |= {reaper, *_waiting(reaper)[:1]}
    return [one for one in below if one not in allowed]


def is_waiting(process: psutil.Process) -> bool:
    """Whether it is a supervisor that was started before there was a run, or its reaper."""
    try:
        return command_line(process)[-1:] == [waiting_supervisor.__name__]
    except psutil.NoSuchProcess:
        return False


def command_line(process: psutil.Process) -> list[str]:
    """Return a process's command line; Linux shows none for a moment when a program has just been started."""
    deadline = time.monotonic() + PATIENCE
    while not (found := process.cmdline()) and time.monotonic() < deadline:
        time.sleep(0.001)
    return found


def _waiting(parent: psutil.Process) -> list[psutil.Process]:
    try:
        return [one for one in parent.children() if is_waiting(one)]
    except psutil.NoSuchProcess:
        return []
