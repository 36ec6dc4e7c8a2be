"""Limits of one process with a student's code, put in place by itself before any of that code is loaded."""

import contextlib
import resource

from autograder.simulator.limits import PROCESS_LIMITS, Limits


def put_in_place() -> None:
    """Limit this process and all that it starts. What the machine allows less of already stays as it is."""
    for name, value in {**PROCESS_LIMITS, "RLIMIT_NPROC": Limits().processes}.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
