"""What holds for all tests."""

import signal


def pytest_configure() -> None:
    """Hear Ctrl-C.

    A shell starts what runs in its background deaf to it, and the graders that tests start and interrupt would inherit
    that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
