"""A supervisor without a sandbox, which imports NVFlare and then waits for the run that it is for.

`autograder.simulator.processes.unsandboxed` starts it under `autograder.simulator.processes.reaper`, and tells it the
run's folder on its standard input, at once or as soon as there is a run.
"""

import os
import select
import sys
import tempfile
from pathlib import Path

from autograder.simulator.folder import RunFolder
from autograder.simulator.processes import forking, interpreters
from autograder.simulator.processes.reaper import Family
from autograder.simulator.processes.supervisor import Supervisor

_LONGEST_WAIT = 600.0
"""Seconds for which a run is waited for."""


def main() -> None:
    """Supervise a run, and end its parties then: whoever loses its parent may be hard to find."""
    if not interpreters.are_needed():
        forking.import_everything()
    root = _told_within(_LONGEST_WAIT)
    if root is None:
        return
    folder = RunFolder(Path(root))
    _go_to(folder)
    try:
        Supervisor(folder, None, None).run()
    finally:
        Family(adopts=False).end()


def _told_within(seconds: float) -> str | None:
    """Return the folder of the run, which comes on standard input; None when none comes."""
    if not select.select([sys.stdin], [], [], seconds)[0]:
        return None
    return sys.stdin.readline().removesuffix("\n") or None


def _go_to(folder: RunFolder) -> None:
    """Work and print in a run's folder. NVFlare makes a temporary folder in each run, and leaves it there."""
    os.chdir(folder.root)
    os.environ["TMPDIR"] = str(folder.root)
    tempfile.tempdir = None
    with folder.supervisor_output.open("ab") as output:
        for standard in (1, 2):
            os.dup2(output.fileno(), standard)


if __name__ == "__main__":
    main()
    os._exit(0)
