"""A busy machine takes no time away from a cell, and a cell that waits for nothing of the machine's gets no more."""

import inspect
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.simulator.parties import cells
from autograder.simulator.parties.cells import Layout, run_notebook
from tests.services.nothing_lost.forked import in_fork

OTHERS = 4
"""Processes that want the same CPU."""
LIMIT = 1.5
WORKS = "import time\nend = time.thread_time() + 0.5\nwhile time.thread_time() < end:\n    pass\ndone = 1"
"""Takes half a second of a CPU, so on a shared one several times as long."""


@contextmanager
def a_busy_cpu() -> Iterator[None]:
    """Share one CPU with others that never rest."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    others = []
    for _ in range(OTHERS):
        others.append(os.fork())
        while not others[-1]:
            pass
    try:
        yield
    finally:
        for other in others:
            os.kill(other, signal.SIGKILL)


def raised(folder: Path, cell: str) -> list[str]:
    path = folder / "submission.py"
    path.write_text(f"{cell}\nclass A: pass")
    cells.LONGEST_CELL = LIMIT
    return [one.error for one in run_notebook("submission", path, Layout(((1, cell.count("\n") + 1),), 1, "A"))]


@pytest.mark.parametrize("experiments", [4, 20])
def test_a_definition_below_experiments_that_do_not_end_is_run(tmp_path: Path, experiments: int) -> None:
    def run() -> str:
        path = tmp_path / "submission.py"
        path.write_text("while True: pass\n" * experiments + "class A: pass\n")
        cells.LONGEST_CELL, cells.LONGEST_NOTEBOOK = 0.2, 0.6
        spans = tuple((line, line) for line in range(1, experiments + 2))
        told = [one.message for one in run_notebook("submission", path, Layout(spans, len(spans), "A"))]
        return json.dumps([told, inspect.isclass(sys.modules["submission"].A)])

    told, is_there = json.loads(in_fork(run))

    assert is_there
    assert len(told) == experiments
    assert told[0] == "it took more than 0.2 seconds" and told[-1] == "it took more than 0.1 seconds"


def test_time_for_which_all_cpus_are_busy_does_not_count(tmp_path: Path) -> None:
    def run() -> str:
        with a_busy_cpu():
            return json.dumps(raised(tmp_path, WORKS))

    assert json.loads(in_fork(run)) == []


@pytest.mark.parametrize("cell", ["import time\ntime.sleep(1000)", "while True:\n    pass"])
def test_what_waits_or_works_for_too_long_is_ended(tmp_path: Path, cell: str) -> None:
    assert json.loads(in_fork(lambda: json.dumps(raised(tmp_path, cell)))) == ["TimeoutError"]
