"""Cells of a notebook change nothing of the process in which NVFlare runs."""

import logging
import socket
import warnings

import pytest

from autograder.simulator.parties.process_settings import restored


def settings() -> tuple[float | None, bool, list[object]]:
    return socket.getdefaulttimeout(), logging.getLogger("P2PExecutor").isEnabledFor(logging.ERROR), [*warnings.filters]


def test_what_cells_change_is_set_back_however_they_end() -> None:
    before = settings()

    with pytest.raises(KeyboardInterrupt), restored():
        socket.setdefaulttimeout(0.1)
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("error")
        assert all(now != then for now, then in zip(settings(), before, strict=True))
        raise KeyboardInterrupt

    assert settings() == before
