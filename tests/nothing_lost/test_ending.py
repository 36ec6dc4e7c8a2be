"""Signals that end a command."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from autograder.cli.ending import Ended, end_if_asked, ended_by_signals, status_of

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


def send(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.01)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number, _ in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_each_of_them_ends_it_with_its_status_and_those_that_follow_interrupt_nothing(number, status):
    with pytest.raises(Ended) as ended, ended_by_signals():
        send(number)
    assert status_of(ended.value) == status
    for other, _ in SIGNALS:
        send(other)


def test_a_second_one_does_not_interrupt_the_clean_up(capsys):
    cleaned = []
    with pytest.raises(Ended) as ended, ended_by_signals():
        try:
            send(signal.SIGINT)
        finally:
            send(signal.SIGINT)
            send(signal.SIGTERM)
            cleaned.append(True)
    assert cleaned
    assert status_of(ended.value) == 130
    assert "Nothing that is finished gets lost" in capsys.readouterr().err


def test_one_that_python_forgot_in_a_finalizer_is_not_lost(monkeypatch):
    class Interrupted:
        def __del__(self) -> None:
            send(signal.SIGTERM)

    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    with pytest.raises(Ended), ended_by_signals():
        Interrupted()
        end_if_asked()


def test_a_signal_that_is_ignored_stays_ignored():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ended_by_signals():
        send(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_without_a_signal_nothing_ends_and_all_is_as_before():
    before = [signal.getsignal(number) for number, _ in SIGNALS]
    with ended_by_signals():
        end_if_asked()
    assert [signal.getsignal(number) for number, _ in SIGNALS] == before
    end_if_asked()
    assert status_of(KeyboardInterrupt()) == 130
