"""Tells which threads of this process wait for the reply to a message.

NVFlare waits in threads of its own and lets the sender wait for these, without a time limit that could be seen. The
sender goes on all the same: with the reply, or when its time is up.
"""

import contextlib
import threading
from collections.abc import Iterator

_MARK = "_awaits_a_reply"


@contextlib.contextmanager
def awaiting_reply() -> Iterator[None]:
    """Mark the thread that runs this until it has got its reply, or given up: it takes the mark off itself."""
    own = vars(threading.current_thread())
    before = own.get(_MARK, False)
    own[_MARK] = True
    try:
        yield
    finally:
        own[_MARK] = before


def awaits_reply(thread: threading.Thread | None) -> bool:
    """Return whether a thread is marked so."""
    return thread is not None and vars(thread).get(_MARK, False) is True
