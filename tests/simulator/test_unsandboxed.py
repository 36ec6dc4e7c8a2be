"""Runs without a sandbox, whose supervisor may have been started before there was a run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.evidence.collect import collect
from autograder.simulator.processes import unsandboxed
from autograder.simulator.processes.unsandboxed import Reserve
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.series import RunSeries
from tests.simulator.parts import scenario
from tests.simulator.started import Started, started_from_now_on
from tests.simulator.test_run import SIX_LINES, received
from tests.simulator.test_series import open_files
from tests.tools.course_folder import PATIENCE
from tests.tools.of_runs import is_waiting

pytestmark = pytest.mark.simulator

BEFORE_IT_IS_KILLED = 100.0
"""Seconds, more than a run takes on a machine however busy."""
IMPATIENT = """
from autograder.simulator.processes import waiting_supervisor
waiting_supervisor._LONGEST_WAIT = 0.1
waiting_supervisor.main()
"""
OWNER = """
from autograder.simulator.processes.unsandboxed import Reserve
Reserve().fill()
print(flush=True)
input()
"""
FORKING_OWNER = """
import os, time
from autograder.simulator.processes.unsandboxed import Reserve
reserve = Reserve()
reserve.fill()
child = os.fork()
if child:
    print(child, flush=True)
time.sleep(10_000)
"""


@pytest.fixture
def started() -> Started:
    """Tell which processes the test has started."""
    return started_from_now_on()


@pytest.fixture
def reserve() -> Iterator[Reserve]:
    reserve = Reserve()
    try:
        yield reserve
    finally:
        reserve.end()


def keepers() -> list[int]:
    """The numbers of the keepers that this process has started; tests before may have left other processes."""
    return [one.pid for one in psutil.Process().children() if is_waiting(one)]


def play(reserve: Reserve) -> None:
    with (
        RunSeries(Isolation.NONE, reserve=reserve) as series,
        run(scenario("Talking"), series=series) as record,
    ):
        assert (record.end, record.said) == (End.SETTLED, "")
        assert received(collect(record)) == SIX_LINES
        assert not record.folder.root.joinpath("sandbox.txt").exists()


def test_a_run_takes_the_one_that_waits_and_another_one_waits_for_the_next(reserve: Reserve) -> None:
    reserve.fill()
    first = keepers()
    reserve.fill()
    assert keepers() == first, "one is enough"

    taken = reserve.take()
    assert taken is not None and reserve.take() is None
    assert taken.stdin is not None
    taken.stdin.close()
    taken.wait(PATIENCE)

    play(reserve)
    second = keepers()
    play(reserve)
    third = keepers()
    assert len(first) == len(second) == len(third) == 1
    assert len({*first, *second, *third}) == 3


def test_nothing_is_left_of_it(started: Started) -> None:
    opened, reserve = open_files(), Reserve()
    reserve.fill()
    play(reserve)
    assert started()
    reserve.end()
    assert started() == set()
    assert open_files() == opened


def test_one_that_was_started_in_another_environment_is_not_taken(
    reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve.fill()
    before = keepers()
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    assert reserve.take() is None
    reserve.fill()
    assert len(keepers()) == 1
    assert keepers() != before
    taken = reserve.take()
    assert taken is not None
    taken.kill()
    taken.communicate()


def test_one_that_has_ended_is_not_missed(reserve: Reserve) -> None:
    reserve.fill()
    (keeper,) = map(psutil.Process, keepers())
    for process in (keeper, *keeper.children(recursive=True)):
        process.kill()
    psutil.wait_procs([keeper], timeout=PATIENCE)
    play(reserve)


def test_where_every_party_is_a_new_interpreter_none_waits(reserve: Reserve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_START_METHOD", "spawn")
    reserve.fill()
    assert keepers() == []


def test_it_does_not_wait_for_ever() -> None:
    waiting = subprocess.Popen([sys.executable, "-c", IMPATIENT], stdin=subprocess.PIPE)
    assert waiting.wait(PATIENCE) == 0
    waiting.communicate()


def test_it_ends_with_whoever_started_it(started: Started) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert owner.stdout is not None and owner.stdout.readline()
    waiting = psutil.Process(owner.pid).children(recursive=True)
    assert waiting
    owner.kill()
    owner.communicate()
    _, alive = psutil.wait_procs(waiting, timeout=PATIENCE)
    assert alive == []


def test_a_process_that_was_forked_from_the_notebook_holds_up_nobody(
    reserve: Reserve, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsandboxed, "PATIENCE", BEFORE_IT_IS_KILLED)
    reserve.fill()
    child = os.fork()
    if not child:
        time.sleep(10_000)
        os._exit(0)
    try:
        begun = time.monotonic()
        play(reserve)
        reserve.end()
        assert time.monotonic() - begun < BEFORE_IT_IS_KILLED
        assert set(started()) <= {child}
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_it_ends_with_whoever_started_it_also_when_a_fork_lives_on(started: Started) -> None:
    owner = subprocess.Popen([sys.executable, "-c", FORKING_OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    child = int(owner.stdout.readline())
    waiting = [one for one in psutil.Process(owner.pid).children(recursive=True) if one.pid != child]
    assert waiting
    try:
        owner.kill()
        owner.wait()
        _, alive = psutil.wait_procs(waiting, timeout=PATIENCE)
        assert alive == []
    finally:
        os.kill(child, signal.SIGKILL)
        owner.communicate()


@pytest.mark.parametrize("is_ready", [True, False])
def test_modules_beside_the_notebook_are_not_there(
    is_ready: bool, reserve: Reserve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("random", "queue", "select", "json"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('beside the notebook')\n")
    monkeypatch.chdir(tmp_path)
    if is_ready:
        reserve.fill()
    play(reserve)


def test_when_none_can_be_started_a_run_is_played_all_the_same(
    reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = unsandboxed._started
    calls: list[int] = []

    def refuse_the_second(output: int) -> "subprocess.Popen[bytes]":
        calls.append(output)
        if len(calls) > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return start(output)

    monkeypatch.setattr(unsandboxed, "_started", refuse_the_second)
    play(reserve)
    assert len(calls) == 2
    assert reserve.take() is None


def test_a_notebook_can_still_choose_how_it_starts_processes() -> None:
    code = (
        "import multiprocessing\n"
        "from autograder.simulator.processes.unsandboxed import Reserve\n"
        "reserve = Reserve()\nreserve.fill()\n"
        "multiprocessing.set_start_method('spawn')\nreserve.end()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
