"""Settings of a whole process that the cells of a notebook may change.

In a kernel such a setting is the kernel's alone, and the sites of a federation are other processes. In a run the cells
share the process of a party with NVFlare, so NVFlare gets its settings back.
"""

import contextlib
import logging
import socket
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def restored() -> Iterator[None]:
    """Set back what silences the log, ends idle connections or makes warnings errors, when the context ends."""
    timeout, disabled = socket.getdefaulttimeout(), logging.root.manager.disable
    with warnings.catch_warnings():
        try:
            yield
        finally:
            socket.setdefaulttimeout(timeout)
            if logging.root.manager.disable != disabled:
                logging.disable(disabled)  # which writes into every logger there is
