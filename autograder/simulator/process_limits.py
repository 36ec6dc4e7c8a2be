"""Limits of one process with a student's code, put in place by itself before any of that code is loaded."""

import contextlib
import resource
from collections.abc import Mapping

_TO_BE_TOLD = 1
"""Seconds of CPU time between the signal that tells of its end, and ends the process, and the kernel's own kill."""


def put_in_place(limits: Mapping[str, int]) -> None:
    """Limit this process and all that it starts. What the machine allows less of already stays as it is.

    Whoever uses up its CPU time is ended by ``SIGXCPU``, so that it can be told from a process that ends by itself.

    Args:
        limits: by the names of the ``resource`` module, such as ``RLIMIT_CPU``.
    """
    for name, value in limits.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        highest = value + _TO_BE_TOLD if kind == resource.RLIMIT_CPU else value
        highest = highest if hard == resource.RLIM_INFINITY else min(highest, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (min(value, highest), highest))
