"""The end of a command that meets code which must not be interrupted, such as a finalizer."""

import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import AssertionPool, NullPool, Pool, QueuePool, SingletonThreadPool, StaticPool

from autograder.cli.signals import Ended, end_if_asked, ended_by_signals


class Interrupted:
    """Gets a signal while it is done away with."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):  # Python hears the signal in one of these
            pass


class InterruptedConnection(sqlite3.Connection):
    """Gets a signal while it is closed."""

    def close(self) -> None:
        super().close()
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):
            pass


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets a test end as a command does, which leaves things as they are."""
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    pools = logging.getLogger("sqlalchemy.pool")
    level = pools.level
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    pools.setLevel(level)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("ends")
def test_an_end_in_a_finalizer_is_not_told_of_and_comes_when_it_is_asked_for(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Ended), ended_by_signals():
        made = Interrupted()
        del made
        end_if_asked()
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("ends")
@pytest.mark.parametrize("kind", [QueuePool, NullPool, SingletonThreadPool, StaticPool, AssertionPool])
def test_no_pool_of_connections_tells_of_the_end(kind: type[Pool], caplog: pytest.LogCaptureFixture) -> None:
    engine = create_engine("sqlite://", poolclass=kind, creator=lambda: InterruptedConnection(":memory:"))
    with pytest.raises(Ended), ended_by_signals():
        with engine.connect():
            pass
        engine.dispose()
        end_if_asked()
    assert not caplog.records


def test_a_pool_tells_of_what_goes_wrong_before(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = logging.getLogger("sqlalchemy.pool.impl.QueuePool")
    monkeypatch.setattr(pool, "disabled", False)  # nbgrader disables all loggers when it upgrades a gradebook
    with ended_by_signals():
        pool.error("closing %r", "it", exc_info=OSError("disk"))
    assert len(caplog.records) == 1
