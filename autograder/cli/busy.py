"""Keeping the machine busy, for proofs that hold under any load."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

_BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"
"""Ends by itself when whoever started it is gone, however that came about."""


@contextlib.contextmanager
def busy_cores(wanted: bool = True) -> Iterator[None]:
    """Keep all cores busy with something else while the context lasts, if that is wanted."""
    count = (os.cpu_count() or 1) if wanted else 0
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", _BUSY]))
            stack.callback(process.kill)
        yield
