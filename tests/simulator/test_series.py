"""Several runs that share a sandbox, of which nothing but the sandbox is shared."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.evidence.collect import collect
from autograder.simulator.folder import RunFolder
from autograder.simulator.job import write_run
from autograder.simulator.limits import Limits
from autograder.simulator.processes import sandboxed
from autograder.simulator.run import End, RunRecord, run
from autograder.simulator.sandbox import commands
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.series import RunSeries
from tests.simulator.parts import SITES, scenario
from tests.simulator.started import Started, started_from_now_on
from tests.simulator.strangers import SEEKING, all_sites
from tests.simulator.test_run import SIX_LINES, received
from tests.tools import needs
from tests.tools.course_folder import PATIENCE
from tests.tools.of_runs import command_line

pytestmark = pytest.mark.simulator

BOTH = [Isolation.NONE, pytest.param(Isolation.SANDBOX, marks=needs.SANDBOX)]
STUDENTS = pytest.mark.parametrize("students", [True, False], ids=["students", "course"])
QUICK = Limits(exercise=8, settle=2)


@pytest.fixture
def started() -> Started:
    """Tell which processes the test has started."""
    return started_from_now_on()


@pytest.fixture
def series() -> Iterator[RunSeries]:
    with RunSeries(Isolation.SANDBOX) as series:
        yield series


def open_files() -> int:
    """How many descriptors this process has."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def fork_server() -> psutil.Process:
    """The process from which all others of a series are forked: the oldest of those that share its command line."""
    found = [each for each in psutil.Process().children(recursive=True) if each.name().startswith("python")]
    ours = [each for each in found if "autograder.simulator.processes.fork_server" in command_line(each)]
    return min(ours, key=lambda each: (each.create_time(), each.pid))


def printed_by_sites(record: RunRecord, mark: str) -> dict[str, Any]:
    """What each site has printed after a mark, as JSON."""
    lines = {site: printed.splitlines() for site, printed in collect(record).printed.items()}
    found = {site: [line for line in told if line.startswith(mark)] for site, told in lines.items()}
    return {site: json.loads(told[-1].removeprefix(mark)) for site, told in found.items() if told}


@pytest.mark.parametrize("isolation", BOTH)
def test_every_run_is_as_if_it_were_the_only_one(isolation: Isolation, started: Started) -> None:
    opened = open_files()
    with RunSeries(isolation) as series:
        servers = []
        for _ in range(3):
            with run(scenario("Talking"), series=series) as record:
                assert (record.end, record.isolation, record.said) == (End.SETTLED, isolation, "")
                assert received(collect(record)) == SIX_LINES
                servers.append(started())
            assert not record.folder.root.exists()
    assert started() == set()
    assert open_files() == opened
    assert servers[0] == servers[1] == servers[2]
    assert bool(servers[0]) == (isolation is Isolation.SANDBOX), "the sandbox goes on, and without one nothing does"


@needs.SANDBOX
def test_a_record_can_be_read_while_later_runs_are_played(series: RunSeries) -> None:
    with run(scenario("Talking"), series=series) as first:
        with run(scenario("Quiet"), series=series) as second:
            assert received(collect(second)) == []
        assert received(collect(first)) == SIX_LINES


@needs.SANDBOX
def test_two_at_once_are_refused(series: RunSeries) -> None:
    def play_another(*_: object) -> None:
        with run(scenario("Quiet"), series=series):
            pytest.fail("this cannot be")

    with (
        pytest.raises(RuntimeError, match="one run at a time"),
        run(scenario("Quiet"), series=series, watcher=play_another),
    ):
        pytest.fail("the watcher has raised")


@needs.SANDBOX
@STUDENTS
def test_processes_that_do_not_want_to_end_are_gone_when_the_run_is(
    students: bool, series: RunSeries, started: Started
) -> None:
    with run(scenario("Quiet"), series=series):
        before = started()
    with run(all_sites("Stubborn", students=students), series=series, limits=QUICK) as record:
        assert started() == before
        assert any("STAYS" in printed for printed in collect(record).printed.values()), "they were there"
    with run(scenario("Talking"), series=series) as record:
        assert received(collect(record)) == SIX_LINES
        assert started() == before, "the same sandbox goes on"


@needs.SANDBOX
@STUDENTS
def test_nothing_of_a_run_can_be_found_in_the_next(students: bool, series: RunSeries) -> None:
    with run(all_sites("Leaving", students=students), series=series) as record:
        assert {result.return_code for result in collect(record).results} == {"OK"}
    with run(all_sites("Seeking", students=students), series=series) as record:
        seen = printed_by_sites(record, "SEEN ")

    assert set(seen) == set(SITES)
    for found in seen.values():
        assert found["processes"] < 20
        assert (found["memory"], found["files"], found["sockets"]) == ([], [], [])
        assert found["queue"] == found["shared"] == -1


def test_the_search_would_find_a_secret_in_memory() -> None:
    looking = SEEKING[SEEKING.index("import ctypes") : SEEKING.index("class Seeking")]
    code = f"{looking}\nkept = 'secret of a run: ' + str(3211)\nprint([SECRET.findall(part) for part in memory()])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "secret of a run: 3211" in found


@needs.SANDBOX
def test_a_sandbox_that_dies_is_replaced(series: RunSeries, started: Started) -> None:
    killed: list[psutil.Process] = []

    def kill_it(_: RunFolder, entries: list[dict[str, object]]) -> None:
        if not killed and any(entry["kind"] == "ready" for entry in entries):
            killed.append(fork_server())
            killed[0].kill()

    with run(scenario("Stuck"), series=series, watcher=kill_it) as record:
        assert record.end is End.DIED
        assert started() == set()
    with run(scenario("Talking"), series=series) as record:
        assert received(collect(record)) == SIX_LINES


@needs.SANDBOX
def test_a_sandbox_that_does_not_answer_is_thrown_away(
    series: RunSeries, monkeypatch: pytest.MonkeyPatch, started: Started
) -> None:
    monkeypatch.setattr(sandboxed, "PATIENCE", 0.5)

    def stop_it(_: RunFolder, entries: list[dict[str, object]]) -> None:
        if any(entry["kind"] == "ready" for entry in entries):
            os.kill(fork_server().pid, signal.SIGSTOP)

    with run(scenario("Talking"), series=series, watcher=stop_it) as record:
        assert started() == set(), "nothing is left, although the fork server did not help"
        assert received(collect(record)) == SIX_LINES
    with run(scenario("Talking"), series=series) as record:
        assert received(collect(record)) == SIX_LINES


@needs.SANDBOX
def test_a_series_may_be_used_after_the_thread_that_began_it(series: RunSeries) -> None:
    def play() -> None:
        with run(scenario("Quiet"), series=series) as record:
            assert record.end is End.SETTLED

    thread = threading.Thread(target=play)
    thread.start()
    thread.join()
    time.sleep(0.5)
    with run(scenario("Talking"), series=series) as record:
        assert received(collect(record)) == SIX_LINES


@needs.SANDBOX
def test_what_bubblewrap_says_of_a_sandbox_that_it_cannot_make_is_told(
    series: RunSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = commands.sandboxed
    monkeypatch.setattr(
        commands, "sandboxed", lambda *args: [*real(*args)[:-6], "--bind", "/no\x1b/where", "/x", *real(*args)[-6:]]
    )
    with run(scenario("Talking"), series=series) as record:
        assert record.end is End.DIED
        assert "/no" in record.said and "\x1b" not in record.said
    monkeypatch.undo()
    with run(scenario("Talking"), series=series) as record:
        assert received(collect(record)) == SIX_LINES


@pytest.mark.parametrize("isolation", BOTH)
def test_what_a_supervisor_says_that_breaks_is_told(isolation: Isolation, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*args: Any) -> None:
        write_run(*args)
        args[1].plan.write_text('{"students": [], "sites": []}')

    monkeypatch.setattr("autograder.simulator.run.write_run", write)
    with RunSeries(isolation) as series, run(scenario("Talking"), series=series) as record:
        assert record.end is End.DIED
        assert "KeyError: 'modules'" in record.said
        assert len(record.said.splitlines()) <= 3


KILLED = """
import sys
from autograder.simulator.run import run
from autograder.simulator.series import RunSeries
from tests.simulator.parts import scenario

def watch(folder, entries):
    if sys.argv[1] == "in a run" and any(entry["kind"] == "ready" for entry in entries):
        print("now", flush=True)
        sys.stdin.read()

with RunSeries() as series:
    with run(scenario("Talking"), series=series, watcher=watch):
        pass
    print("now", flush=True)
    sys.stdin.read()
"""


@needs.SANDBOX
@pytest.mark.parametrize("when", ["in a run", "between runs"])
def test_with_a_grader_that_is_killed_everything_ends(when: str) -> None:
    grader = subprocess.Popen(
        [sys.executable, "-c", KILLED, when],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert grader.stdout is not None and grader.stdout.readline() == b"now\n"
    left = psutil.Process(grader.pid).children(recursive=True)
    assert len(left) >= 3
    grader.kill()
    grader.communicate()

    _, alive = psutil.wait_procs(left, timeout=PATIENCE)
    assert alive == []


def test_all_that_runs_in_a_sandbox_is_compiled_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    sandboxed.compile_package.__wrapped__()

    package = Path(sandboxed.__file__).parents[1]
    modules = {path.stem for path in package.rglob("*.py")}
    assert modules == {path.name.partition(".")[0] for path in tmp_path.rglob("*.pyc")}
