"""The time limit of a cell: a busy machine makes it no shorter."""

import os
import subprocess
import sys
import time

import pytest

from autograder.simulator import cells
from autograder.simulator.cells import CellTimeout
from tests.course_folder import PATIENCE


def test_while_its_own_time_stands_still_a_cell_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr(cells, "_own_time", lambda: asked.append(0.0) or 0.0)
    with cells._at_most(0.01):
        while len(asked) < 4:  # once at the beginning, then whenever the time seems to be up
            pass


def test_when_its_own_time_is_up_a_cell_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.0, 0.005, 0.02])
    monkeypatch.setattr(cells, "_own_time", lambda: next(times))
    with pytest.raises(CellTimeout), cells._at_most(0.01):
        while True:
            pass
    assert next(times, None) is None


def test_what_it_waits_for_a_core_is_not_its_own_time() -> None:
    core = str(min(os.sched_getaffinity(0)))
    busy = f"import os\nos.sched_setaffinity(0, {{{core}}})\nprint(flush=True)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        waiting = (
            f"import os, time\nfrom autograder.simulator import cells\nos.sched_setaffinity(0, {{{core}}})\n"
            "begun, before = time.monotonic(), cells._own_time()\n"
            "while cells._waited_for_a_core() < 0.1: pass\n"
            "print(time.monotonic() - begun - (cells._own_time() - before))"
        )
        done = subprocess.run(
            [sys.executable, "-c", waiting], capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        other.kill()
    assert float(done.stdout) > 0, done.stderr


def test_what_it_sleeps_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_waited_for_a_core", lambda: 0.0)
    before = cells._own_time()
    time.sleep(0.01)
    assert cells._own_time() - before >= 0.01
