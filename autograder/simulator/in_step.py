"""Threads that let each other go on after every line of a notebook's code, so that a race is lost in every run.

Left to themselves, two handlers that look whether an item is there and then add it get in each other's way once in a
thousand runs. A lock keeps them apart at whatever moment they are interrupted.
"""

import contextlib
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

_PAUSE = 0.001
"""Seconds for which a thread leaves the others alone after each line."""
_MOST = 300
"""Lines after which a thread runs on as it likes: a handler is short, and a loop in one has to come to its end."""
_MAIN = "__main__"
"""The module as which a notebook is run."""


@contextlib.contextmanager
def one_line_at_a_time() -> Iterator[None]:
    """Let all other threads go on before each line of the notebook's code that this thread runs."""
    left = _MOST

    def pause(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        if event == "line" and left:
            left -= 1
            time.sleep(_PAUSE)
        return pause if left else None

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        return pause if left and frame.f_globals.get("__name__") == _MAIN else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)
