"""What holds for all tests."""

import signal
from collections.abc import Generator

import pytest

from tests import needs, order


def pytest_configure() -> None:
    """Hear Ctrl-C.

    A shell starts what runs in its background deaf to it, and the graders that tests start and interrupt would inherit
    that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    order.longest_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test be left out in silence, however that is asked for."""
    report = yield
    needs.fail_if_left_out(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let no module be left out in silence."""
    report = yield
    needs.fail_if_left_out(report)
    return report
