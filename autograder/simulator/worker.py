"""What runs in a client's process: loads the site's module, then is NVFlare's own ``simulator_worker``.

Started as ``python -m autograder.simulator.worker CUSTOM_FOLDER MODULE NOTE_FILE ARGUMENTS…`` by
`autograder.simulator.launcher`.
"""

import os
import sys
from pathlib import Path

from autograder.simulator import loading


def main(custom: str, module: str, note: Path, arguments: list[str]) -> None:
    """Be the client's process until the job ends, or end at once when the module cannot be loaded."""
    sys.path.insert(0, custom)
    if not loading.load(module, note):
        return
    from autograder.simulator import nvflare_private
    from autograder.simulator.traffic import traffic

    nvflare_private.shorten_pauses()
    traffic.install()
    nvflare_private.run_client(arguments)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
    sys.stdout.flush()
    os._exit(0)  # threads of NVFlare that are no daemons would keep the process for seconds
