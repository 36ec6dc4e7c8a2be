"""Makes and enters the sandboxes inside that of a fork server, as a run does, to see whether this machine can.

`autograder.simulator.sandbox.bubblewrap` starts ``python -m autograder.simulator.sandbox.probe BUBBLEWRAP`` in a
fork server's sandbox.
"""

import os
import sys
from pathlib import Path

from autograder.simulator.disk import WORK_DIR
from autograder.simulator.folder import RunFolder
from autograder.simulator.sandbox import inner, join

_DISK = 1 << 20
_PARTY = "trial"


def main(bubblewrap: str) -> None:
    """Return in a process that is in the innermost sandbox."""
    folder = RunFolder(Path("/tmp/run"))
    folder.parts(_PARTY).mkdir(parents=True)
    _go_inside(inner.for_run(bubblewrap, folder, _DISK), filtered=False)
    Path(inner.WORK_DIRS, _PARTY).mkdir()
    _go_inside(
        inner.for_party(bubblewrap, RunFolder(Path(WORK_DIR)), _PARTY, _DISK, in_memory=True),
        filtered=True,
    )


def _go_inside(command: list[str], *, filtered: bool) -> None:
    """Return in a process inside the sandbox that ``command`` makes. This one stays behind to end as that one does."""
    made = inner.Making(command, output=2).done()
    if made.first is None:
        os._exit(1)
    join.enter(made.first, filtered=filtered)
    if inside := os.fork():
        os._exit(os.waitstatus_to_exitcode(os.waitpid(inside, 0)[1]) & 0xFF)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except OSError as error:
        sys.exit(f"a process cannot enter the sandbox that bubblewrap made: {error}")
