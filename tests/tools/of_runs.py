"""The processes of runs, told from one that waits for the next run."""

import psutil

from autograder.simulator.processes import waiting_supervisor


def of_runs(root: psutil.Process) -> list[psutil.Process]:
    """All processes below one, but for a keeper with a supervisor that may wait for the next run of each kernel."""
    below = root.children(recursive=True)
    allowed: set[psutil.Process] = set()
    for parent in (root, *below):
        if not _is_waiting(parent):
            for keeper in _waiting(parent)[:1]:
                allowed |= {keeper, *_waiting(keeper)[:1]}
    return [one for one in below if one not in allowed]


def _waiting(parent: psutil.Process) -> list[psutil.Process]:
    try:
        return [one for one in parent.children() if _is_waiting(one)]
    except psutil.NoSuchProcess:
        return []


def _is_waiting(process: psutil.Process) -> bool:
    try:
        return process.cmdline()[-1:] == [waiting_supervisor.__name__]
    except psutil.NoSuchProcess:
        return False
