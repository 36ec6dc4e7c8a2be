"""What the processes of a test run share: the first that needs it makes it, while the others wait."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

_FINISHED = "finished"


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder of the whole test run. Its processes have folders of their own in it."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder of the whole test run, which ``make`` makes when it is asked for the first time.

    Args:
        make: is given the path at which to make it.
    """
    place = common_folder(factory) / name
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / _FINISHED).exists():
            shutil.rmtree(place / "made", ignore_errors=True)  # what a failed attempt has left
            make(place / "made")
            (place / _FINISHED).touch()
    return place / "made"
