"""Limits of one process with a student's code, put in place by itself before any of that code is loaded."""

import contextlib
import resource
from collections.abc import Mapping


def put_in_place(limits: Mapping[str, int]) -> None:
    """Limit this process and all that it starts. What the machine allows less of already stays as it is.

    Args:
        limits: by the names of the ``resource`` module, such as ``RLIMIT_CPU``.
    """
    for name, value in limits.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
