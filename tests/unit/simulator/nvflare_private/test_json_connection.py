"""Connections over which truth values, names and nothing pass."""

import argparse
import json
import pickle
from multiprocessing import Pipe
from typing import Any

import pytest

from autograder.simulator.nvflare_private.json_connection import LONGEST, JsonConnection


def through(data: bytes, **options: Any) -> object:
    ours, theirs = Pipe()
    theirs.send_bytes(data)
    return JsonConnection(ours, **options).recv()


@pytest.mark.parametrize("value", [True, False, None, "site-1"])
def test_what_the_simulator_has_to_tell_comes_through(value: object) -> None:
    ours, theirs = Pipe()
    JsonConnection(theirs).send(value)
    assert JsonConnection(ours).recv() is value or value == "site-1"


@pytest.mark.parametrize("value", [{"client_config": "/etc/passwd"}, argparse.Namespace(a=1), [1], 3])
def test_anything_else_is_sent_as_nothing(value: object) -> None:
    ours, theirs = Pipe()
    JsonConnection(theirs).send(value)
    assert JsonConnection(ours).recv() is None


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(True),
        b"",
        b"\xff",
        b"{}",
        b"[" * 200,
        b"1",
        json.dumps("x" * LONGEST).encode(),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(OSError):
        through(data)


@pytest.mark.parametrize("read", [True, False], ids=["all was read", "not all was read"])
def test_the_end_of_the_other_process_is_nothing_that_it_has_told(read: bool) -> None:
    ours, theirs = Pipe()
    JsonConnection(ours).send(True)
    if read:
        JsonConnection(theirs).recv()
    theirs.close()
    with pytest.raises(EOFError):
        JsonConnection(ours, refused=lambda: pytest.fail("refused")).recv()


def test_the_first_value_is_ones_own_whatever_was_sent() -> None:
    ours, theirs = Pipe()
    own = {"client_name": "site-0"}
    receiving = JsonConnection(ours, first=own)
    for sent in ("something else", True):
        JsonConnection(theirs).send(sent)
    assert receiving.recv() is own
    assert receiving.recv() is True
