"""Limits of one process with a student's code, put in place by itself before any of that code is loaded."""

import math
import resource
import threading
import time
from collections.abc import Mapping

_TO_BE_TOLD = 1
"""Seconds of CPU time between the signal that tells of its end, and ends the process, and the kernel's own kill."""

STACK = 2 << 20
"""Bytes of a thread's stack. NVFlare has many threads, and those of 8 MiB would fill the limit on data. With less than
this, a recursion without end can end the process before Python notices."""


def limit_stacks() -> None:
    """Give the threads that this process starts from now on a stack of `STACK` bytes."""
    threading.stack_size(STACK)


class TooLittleAllowed(Exception):
    """The machine allows a process less than what a right answer may use. The message says of what, and what to do."""


def check(limits: Mapping[str, int]) -> None:
    """Look whether the machine allows what the limits do.

    Whoever uses up its CPU time is ended by ``SIGXCPU``, so that it can be told from a process that ends by itself.

    Args:
        limits: by the names of the ``resource`` module, such as ``RLIMIT_CPU``.

    Raises:
        TooLittleAllowed: when it does not.
    """
    for name, value in limits.items():
        _, hard = resource.getrlimit(getattr(resource, name))
        if hard != resource.RLIM_INFINITY and hard < value:
            raise TooLittleAllowed(
                f"a process may have {hard} of {name} here, and a run needs {value}. Start the grader where more is "
                "allowed (ulimit -Ha shows what is), or make that limit smaller in nbgrader_config.py"
            )


def put_in_place(limits: Mapping[str, int]) -> None:
    """Limit this process and all that it starts.

    Whoever uses up its CPU time is ended by ``SIGXCPU``, so that it can be told from a process that ends by itself.

    Args:
        limits: as for `check`.

    Raises:
        OSError: when the machine allows less.
    """
    for name, value in limits.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        highest = value + _TO_BE_TOLD if kind == resource.RLIMIT_CPU else value
        if hard != resource.RLIM_INFINITY:
            highest = max(value, min(highest, hard))
        resource.setrlimit(kind, (value, highest))


def leave_half_of_cpu_time(limits: Mapping[str, int]) -> None:
    """Leave this process half of its CPU time at most, now that its code is loaded.

    Imports and the cells of a notebook may take long. An exercise does not, unless it waits in a loop without pauses,
    and then the others of its run have to wait for it.

    Args:
        limits: that are in place here, as for `check`.
    """
    allowed = limits.get("RLIMIT_CPU", 0)
    until = math.ceil(time.process_time()) + allowed // 2
    if until < allowed:
        resource.setrlimit(resource.RLIMIT_CPU, (until, until + _TO_BE_TOLD))
