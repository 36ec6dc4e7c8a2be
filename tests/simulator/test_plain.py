"""Connections that load plain values only."""

import argparse
import pickle
from multiprocessing import Pipe

import pytest

from autograder.simulator.plain import LONGEST, PlainConnection


class Trap:
    """Would run code in whoever unpickles it."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("caught",)


def through(value: object, **options: object) -> object:
    ours, theirs = Pipe()
    theirs.send(value)
    return PlainConnection(ours, **options).recv()  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [True, None, "site-1", {"a": [1, (2.5, b"x")]}])
def test_a_plain_value_comes_through(value: object) -> None:
    assert through(value) == value


@pytest.mark.parametrize("value", [Trap(), [Trap()], argparse.Namespace(a=1), print])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises((OSError, pickle.UnpicklingError)):
        through(value)


def test_an_allowed_class_comes_through_and_no_other() -> None:
    allowed = [("argparse", "Namespace")]

    assert through(argparse.Namespace(a=1), allowed=allowed) == argparse.Namespace(a=1)
    with pytest.raises(OSError, match="print"):
        through(argparse.Namespace(a=Trap()), allowed=allowed)


def test_a_value_that_is_too_long_is_refused() -> None:
    with pytest.raises(OSError):
        through("x" * LONGEST)


def test_what_was_received_can_be_changed() -> None:
    assert through(1, change=lambda value: value + 1) == 2
