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
from autograder.simulator.processes.unsandboxed import StandbySupervisor
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
from autograder.simulator.processes.unsandboxed import StandbySupervisor
StandbySupervisor().fill()
print(flush=True)
input()
"""
FORKING_OWNER = """
import os, time
from autograder.simulator.processes.unsandboxed import StandbySupervisor
standby = StandbySupervisor()
standby.fill()
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
def standby() -> Iterator[StandbySupervisor]:
    standby = StandbySupervisor()
    try:
        yield standby
    finally:
        standby.end()


def reapers() -> list[int]:
    """The numbers of the reapers that this process has started; tests before may have left other processes."""
    return [one.pid for one in psutil.Process().children() if is_waiting(one)]


def play(standby: StandbySupervisor) -> None:
    with (
        RunSeries(Isolation.NONE, standby=standby) as series,
        run(scenario("Talking"), series=series) as record,
    ):
        assert (record.end, record.said) == (End.SETTLED, "")
        assert received(collect(record)) == SIX_LINES
        assert not record.folder.root.joinpath("sandbox.txt").exists()


def test_a_run_takes_the_one_that_waits_and_another_one_waits_for_the_next(standby: StandbySupervisor) -> None:
    standby.fill()
    first = reapers()
    standby.fill()
    assert reapers() == first, "one is enough"

    taken = standby.take()
    assert taken is not None and standby.take() is None
    assert taken.stdin is not None
    taken.stdin.close()
    taken.wait(PATIENCE)

    play(standby)
    second = reapers()
    play(standby)
    third = reapers()
    assert len(first) == len(second) == len(third) == 1
    assert len({*first, *second, *third}) == 3


def test_nothing_is_left_of_it(started: Started) -> None:
    opened, standby = open_files(), StandbySupervisor()
    standby.fill()
    play(standby)
    assert started()
    standby.end()
    assert started() == set()
    assert open_files() == opened


def test_one_that_was_started_in_another_environment_is_not_taken(
    standby: StandbySupervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    standby.fill()
    before = reapers()
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    assert standby.take() is None
    standby.fill()
    assert len(reapers()) == 1
    assert reapers() != before
    taken = standby.take()
    assert taken is not None
    taken.kill()
    taken.communicate()


def test_one_that_has_ended_is_not_missed(standby: StandbySupervisor) -> None:
    standby.fill()
    (reaper,) = map(psutil.Process, reapers())
    for process in (reaper, *reaper.children(recursive=True)):
        process.kill()
    psutil.wait_procs([reaper], timeout=PATIENCE)
    play(standby)


def test_where_every_party_is_a_new_interpreter_none_waits(
    standby: StandbySupervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_START_METHOD", "spawn")
    standby.fill()
    assert reapers() == []


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
    standby: StandbySupervisor, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsandboxed, "PATIENCE", BEFORE_IT_IS_KILLED)
    standby.fill()
    child = os.fork()
    if not child:
        time.sleep(10_000)
        os._exit(0)
    try:
        begun = time.monotonic()
        play(standby)
        standby.end()
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
    is_ready: bool, standby: StandbySupervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("random", "queue", "select", "json"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('beside the notebook')\n")
    monkeypatch.chdir(tmp_path)
    if is_ready:
        standby.fill()
    play(standby)


def test_when_none_can_be_started_a_run_is_played_all_the_same(
    standby: StandbySupervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = unsandboxed._started
    calls: list[int] = []

    def refuse_the_second(output: int) -> "subprocess.Popen[bytes]":
        calls.append(output)
        if len(calls) > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return start(output)

    monkeypatch.setattr(unsandboxed, "_started", refuse_the_second)
    play(standby)
    assert len(calls) == 2
    assert standby.take() is None


def test_a_notebook_can_still_choose_how_it_starts_processes() -> None:
    code = (
        "import multiprocessing\n"
        "from autograder.simulator.processes.unsandboxed import StandbySupervisor\n"
        "standby = StandbySupervisor()\nstandby.fill()\n"
        "multiprocessing.set_start_method('spawn')\nstandby.end()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
