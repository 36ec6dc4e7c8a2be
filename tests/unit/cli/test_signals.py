"""The end of a command that meets code which must not be interrupted, such as a finalizer."""

import logging
import os
import signal
import sys

import pytest

from autograder.cli.signals import Ended, end_if_asked, ended_by_signals


class Interrupted:
    """Gets a signal while it is done away with."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):  # Python hears the signal in one of these
            pass


def test_an_end_in_a_finalizer_is_not_told_of_and_comes_when_it_is_asked_for(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # the end leaves it as it is
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        with pytest.raises(Ended), ended_by_signals():
            made = Interrupted()
            del made
            end_if_asked()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert capfd.readouterr().err == ""


def test_a_pool_tells_of_what_goes_wrong_and_not_of_the_end(caplog: pytest.LogCaptureFixture) -> None:
    pool = logging.getLogger("sqlalchemy.pool.impl.QueuePool")
    with ended_by_signals():
        for wrong in (Ended(signal.SIGINT), OSError("disk")):
            pool.error("closing %r", "it", exc_info=wrong)
    assert [record.exc_info and type(record.exc_info[1]) for record in caplog.records] == [OSError]
