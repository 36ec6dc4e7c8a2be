"""Ends a command from outside: Ctrl-C, SIGTERM and SIGHUP all do the same.

The first of these signals raises `Ended` wherever the command is, so that it leaves through its own clean-up: runs are
ended, files are whole, finished results are kept. Those that follow are only answered: what they would interrupt is
that clean-up.
"""

import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_CTRL_C = 128 + signal.SIGINT
_received: list[int] = []
_POOLS = "sqlalchemy.pool"
"""The logger above all to which SQLAlchemy tells what has interrupted the closing of a connection, and raises again."""


class Ended(KeyboardInterrupt):
    """The command is to end, because of a signal.

    Attributes:
        status: the exit status, which a shell gives to whoever is ended by that signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let signals end the command as described above while the context lasts.

    Once one has come they stay as they are: what follows is the end of the process, which is not to be interrupted
    either. Without one, all is as before in the end.

    A signal that is ignored stays so: a command under ``nohup`` outlives its terminal. Outside of the main thread,
    where Python hears no signals, nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heard = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    _received.clear()
    for number in heard:
        signal.signal(number, _end)
    told, sys.unraisablehook = sys.unraisablehook, _tell_unless_ended
    try:
        yield
    finally:
        if not _received:
            sys.unraisablehook = told
            for number in heard:
                signal.signal(number, before[number])


def _tell_unless_ended(found: "sys.UnraisableHookArgs") -> None:
    """Tell of an exception in a finalizer, but not of the end, which `end_if_asked` raises once more."""
    if not isinstance(found.exc_value, Ended):
        sys.__unraisablehook__(found)


def end_if_asked() -> None:
    """Raise `Ended` once more if a signal has come.

    Python forgets an exception that is raised in a finalizer, and so would work that goes on for long.
    """
    if _received:
        raise Ended(_received[0])


def status_of(interrupt: KeyboardInterrupt) -> int:
    """Return the exit status of a command that was ended."""
    return interrupt.status if isinstance(interrupt, Ended) else _CTRL_C


def say(line: str) -> None:
    """Tell a person, if there still is one: the terminal may be gone, or the disk full to which the output goes."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def _end(number: int, _frame: FrameType | None) -> None:
    _received.append(number)
    if len(_received) == 1:
        logging.getLogger(_POOLS).setLevel(logging.CRITICAL)  # a traceback of the end would be an error
        raise Ended(number)
    say("\nEnding what is running, which takes some seconds. Nothing that is finished gets lost.")
