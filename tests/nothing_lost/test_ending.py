"""Signals that end a command."""

import os
import signal
import time

import pytest

from autograder.cli.ending import Ended, end_if_asked, ended_by_signals, status_of

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


def send(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.01)


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_each_of_them_ends_it_with_its_status_and_is_handled_as_before_in_the_end(number, status):
    before = signal.getsignal(number)
    with pytest.raises(Ended) as ended, ended_by_signals():
        send(number)
    assert status_of(ended.value) == status
    assert signal.getsignal(number) is before


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
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_by_signals():
            send(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_without_a_signal_nothing_ends():
    with ended_by_signals():
        end_if_asked()
    end_if_asked()
    assert status_of(KeyboardInterrupt()) == 130
