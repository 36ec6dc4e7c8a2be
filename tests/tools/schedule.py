"""Which tests go to one process of a test run together, and which stand alone, with ``--dist loadfile``."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

ALONE = ("tests/corpus/test_", "tests/corpus/failing/", "tests/authoring/")
"""Beginnings of paths. A test there grades a submission, or several; whichever process is free takes the next."""


class FilesAndSubmissions(LoadFileScheduling):
    """Gives all tests of a file to one process, since they share what they prepare, but for those that stand alone."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(ALONE) else super()._split_scope(nodeid)


def scheduler(config: pytest.Config, log: Producer) -> FilesAndSubmissions | None:
    """Return what schedules the tests of a run, or None to leave it to pytest-xdist."""
    return FilesAndSubmissions(config, log) if config.getoption("dist") == "loadfile" else None
