"""Signals that end a command."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from autograder.cli.signals import Ended, end_if_asked, ended_by_signals, status_of

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


send = signal.raise_signal


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Hear every signal, also where whoever started the tests ignores one, as ``nohup`` does."""
    as_started: dict[int, Callable[[int, FrameType | None], object] | signal.Handlers] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in as_started.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_each_of_them_ends_it_with_its_status_and_those_that_follow_interrupt_nothing(
    number: signal.Signals, status: int
) -> None:
    with pytest.raises(Ended) as ended, ended_by_signals():
        send(number)
    assert status_of(ended.value) == status
    for other, _ in SIGNALS:
        send(other)


def test_a_second_one_does_not_interrupt_the_clean_up(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_one_that_python_forgot_in_a_finalizer_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def __del__(self) -> None:
            send(signal.SIGTERM)

    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    with pytest.raises(Ended), ended_by_signals():
        Interrupted()
        end_if_asked()


@pytest.mark.parametrize("ignored", [number for number, _ in SIGNALS])
def test_a_signal_that_is_ignored_stays_ignored_and_the_others_end_it(ignored: signal.Signals) -> None:
    signal.signal(ignored, signal.SIG_IGN)
    for number, _ in SIGNALS:
        with pytest.raises(Ended) if number != ignored else contextlib.nullcontext(), ended_by_signals():
            send(ignored)
            send(number)
        assert signal.getsignal(ignored) is signal.SIG_IGN


def test_a_command_under_nohup_outlives_its_terminal_and_is_ended_by_the_other_signals() -> None:
    code = (
        "import signal\nfrom autograder.cli.signals import Ended, ended_by_signals\nwith ended_by_signals():\n"
        "    signal.raise_signal(signal.SIGHUP)\n    print('goes on', flush=True)\n"
        "    try: signal.raise_signal(signal.SIGTERM)\n    except Ended as ended: raise SystemExit(ended.status)"
    )
    command = ["nohup", sys.executable, "-c", code]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (143, "goes on\n"), done.stderr


def test_without_a_signal_nothing_ends_and_all_is_as_before() -> None:
    before = [signal.getsignal(number) for number, _ in SIGNALS]
    with ended_by_signals():
        end_if_asked()
    assert [signal.getsignal(number) for number, _ in SIGNALS] == before
    end_if_asked()
    assert status_of(KeyboardInterrupt()) == 130
