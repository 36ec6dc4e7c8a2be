"""Makes a student's sandbox inside that of a run and enters it, to see whether this machine can.

`autograder.simulator.bubblewrap` starts ``python -m autograder.simulator.trial BUBBLEWRAP`` in a run's sandbox.
"""

import os
import sys
from pathlib import Path

from autograder.simulator import entering
from autograder.simulator.confinement import PLACES, Making
from autograder.simulator.folder import RunFolder


def main(bubblewrap: str) -> int:
    """Return 0 when a process could be forked inside."""
    party = "trial"
    folder = RunFolder(Path("/tmp"))
    folder.parts(party).mkdir(parents=True)
    Path(PLACES, party).mkdir()
    made = Making(bubblewrap, folder, party, disk=4096, output=2).done()
    if made.first is None:
        return 1
    entering.enter(made.first)
    pid = os.fork()
    if not pid:
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except OSError as error:
        sys.exit(f"a process cannot enter the sandbox that bubblewrap made: {error}")
