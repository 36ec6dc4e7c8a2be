"""What holds for all tests."""

import signal
from collections.abc import Generator

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.tools import needs, order, sampling, schedule

settings.register_profile("busy", deadline=None)  # no test fails because a machine is busy
settings.load_profile("busy")


def pytest_configure() -> None:
    """Hear Ctrl-C.

    A shell starts what runs in its background deaf to it, and the graders that tests start and interrupt would inherit
    that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option to play all cases."""
    sampling.add_option(parser)


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Play a sample of tests with many cases, and begin with what takes long."""
    sampling.keep_sample(items, config)
    order.longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Let tests that share what they prepare follow each other in one process."""
    return schedule.scheduler(config, log)


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
