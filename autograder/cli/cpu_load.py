"""Keeping the machine busy, for proofs that hold under any load."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

_BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"
"""Ends by itself when whoever started it is gone, however that came about."""


def all_cores() -> int:
    """Return how many cores there are."""
    return os.cpu_count() or 1


@contextlib.contextmanager
def busy_cores(processes: int) -> Iterator[None]:
    """Keep that many cores busy with something else while the context lasts; more than there are share them."""
    with contextlib.ExitStack() as stack:
        for _ in range(processes):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", _BUSY]))
            stack.callback(process.kill)
        yield
