"""Handlers in step: what two threads can spoil is spoiled each time, and a lock keeps them apart all the same."""

import sys
import threading
import time
from types import FunctionType
from typing import Any

import pytest

from autograder.simulator.guard import Guard
from autograder.simulator.in_step import WITHIN_LINES, InStep
from autograder.simulator.journal import Journal
from tests.services.nothing_lost.forked import in_fork

HANDLERS = """
def careless():
    if "item" not in seen:
        lines.append("item")
        seen.add("item")

def careful():
    with lock:
        if "item" not in seen:
            lines.append("item")
            seen.add("item")

def in_one_line():
    if "item" not in seen and not seen.add("item"): lines.append("item")

def counted_in_one_line():
    items["item"] = items.get("item", 0) + 1
    if items["item"] == 1: lines.append("item")

def in_one_call():
    me = object()
    if items.setdefault("item", me) is me: lines.append("item")

def half_locked():
    try:
        with lock:
            items["item"]
    except KeyError:
        lines.append("item")
        items["item"] = True

def half_locked_and_long():
    with lock:
        is_new = "item" not in items
        for _ in range(5):
            pass
    if is_new:
        lines.append("item")
        items["item"] = True

def endless():
    for number in range(10_000):
        lines.append(number)
"""


def lines_of(name: str, threads: int = 2, patience: float = 60.0, moment: float = 0.0) -> list[Any]:
    """What the threads have written that run a function of a notebook at the same moment."""
    notebook: dict[str, Any] = {
        "__name__": "__main__",
        "seen": set(),
        "items": {},
        "lines": [],
        "lock": threading.Lock(),
    }
    exec(HANDLERS, notebook)
    function: FunctionType = notebook[name]
    together, step = threading.Barrier(threads), InStep(lambda: patience, lambda: moment, Guard(Journal(-1)))

    def handle() -> None:
        step.join()
        together.wait()
        with step.running():
            function()

    running = [threading.Thread(target=handle) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    lines: list[Any] = notebook["lines"]
    return lines


def test_a_look_and_what_follows_from_it_are_torn_apart() -> None:
    assert all(lines_of("careless", threads) == ["item"] * threads for threads in range(2, 12))


@pytest.mark.parametrize("name", ["in_one_line", "counted_in_one_line"])
def test_they_are_torn_apart_where_they_stand_in_one_line_if_this_python_can_trace_that(name: str) -> None:
    torn = [threads for threads in range(2, 12) if lines_of(name, threads) == ["item"] * threads]

    assert (torn == list(range(2, 12))) is WITHIN_LINES


def test_one_call_that_looks_and_acts_is_never_torn_apart() -> None:
    assert all(lines_of("in_one_call", threads) == ["item"] for threads in range(2, 12))


def test_a_lock_keeps_them_together() -> None:
    assert all(lines_of("careful", patience=0.01) == ["item"] for _ in range(20))


@pytest.mark.parametrize(("name", "threads"), [("half_locked", 2), ("half_locked", 3), ("half_locked_and_long", 2)])
def test_a_lock_that_is_let_go_after_the_look_keeps_nothing_together(name: str, threads: int) -> None:
    assert lines_of(name, threads, patience=0.2, moment=0.5) == ["item"] * threads


def test_a_long_loop_comes_to_its_end() -> None:
    assert lines_of("endless", threads=1) == list(range(10_000))


def test_threads_can_begin_and_end_while_an_audit_hook_lets_others_go_on() -> None:
    def lines() -> str:
        sys.addaudithook(lambda event, _: time.sleep(0.01) if event == "sys.settrace" else None)
        return str(len(lines_of("careless", threads=8, patience=5.0)))

    assert in_fork(lines) == "8"
