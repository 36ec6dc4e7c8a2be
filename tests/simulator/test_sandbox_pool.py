"""Fork servers that play the runs of one series after another."""

import resource
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder import samples
from autograder.evidence.collect import collect
from autograder.grading.grade import grade_submission
from autograder.simulator import sandbox_pool
from autograder.simulator.job import write_run
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.sandbox_pool import SandboxPool
from autograder.simulator.series import RunSeries
from autograder.submission.read import from_notebook
from tests.corpus.failing import ASSIGNMENT
from tests.corpus.hostile import load_all
from tests.corpus.hostile.runner import course_parts
from tests.simulator.parts import scenario
from tests.simulator.started import Started, started_from_now_on
from tests.simulator.strangers import all_sites
from tests.simulator.test_run import SIX_LINES, received
from tests.simulator.test_series import STUDENTS, fork_server, open_files, printed_by_sites
from tests.tools import needs
from tests.tools.course_folder import CHECKOUT

pytestmark = [pytest.mark.simulator, needs.SANDBOX]


@pytest.fixture
def sandboxes() -> Iterator[SandboxPool]:
    with SandboxPool() as sandboxes:
        yield sandboxes


@pytest.fixture
def started() -> Started:
    """Tell which processes the test has started."""
    return started_from_now_on()


def play(sandboxes: SandboxPool, name: str = "Talking", then: Callable[[RunSeries], object] = lambda _: None) -> int:
    """Play one run in a series of its own. Return the number of the fork server that played it."""
    with RunSeries(Isolation.SANDBOX, sandboxes) as series:
        with run(scenario(name), series=series) as record:
            assert record.end is End.SETTLED
            assert received(collect(record)) == (SIX_LINES if name == "Talking" else [])
        then(series)
        return fork_server().pid


@STUDENTS
def test_series_share_a_fork_server_and_nothing_else(students: bool, sandboxes: SandboxPool) -> None:
    servers = []
    with RunSeries(Isolation.SANDBOX, sandboxes) as first:
        with run(all_sites("Leaving", students=students), series=first) as record:
            assert {result.return_code for result in collect(record).results} == {"OK"}
        servers.append(fork_server().pid)
    with RunSeries(Isolation.SANDBOX, sandboxes) as second:
        with run(all_sites("Seeking", students=students), series=second) as record:
            seen = printed_by_sites(record, "SEEN ")
        servers.append(fork_server().pid)

    assert servers[0] == servers[1]
    assert len(seen) == 3
    for found in seen.values():
        assert (found["memory"], found["files"], found["sockets"]) == ([], [], [])
        assert found["queue"] == found["shared"] == -1
    assert first.longest_start != second.longest_start, "what one submission has shown of the machine is its own"


def test_a_fork_server_keeps_nothing_of_its_runs_open(sandboxes: SandboxPool) -> None:
    play(sandboxes)
    server = fork_server()
    opened, threads = server.num_fds(), server.num_threads()
    for _ in range(5):
        assert play(sandboxes, "Quiet") == server.pid
    assert (server.num_fds(), server.num_threads()) == (opened, threads)
    assert server.children() == []


def test_in_doubt_the_next_series_gets_another_one(sandboxes: SandboxPool) -> None:
    doubtful = play(sandboxes, then=RunSeries.doubt)
    assert not psutil.pid_exists(doubtful)
    assert play(sandboxes) != doubtful


def test_after_an_exception_the_next_series_gets_another_one(sandboxes: SandboxPool) -> None:
    def fail(_: object) -> None:
        raise InterruptedError

    before = play(sandboxes)
    with pytest.raises(InterruptedError):
        play(sandboxes, then=fail)
    assert not psutil.pid_exists(before)


def test_doubt_is_not_put_off_until_the_next_submission(sandboxes: SandboxPool) -> None:
    with RunSeries(Isolation.SANDBOX, sandboxes) as series:
        servers = []
        for _ in range(3):
            with run(scenario("Quiet"), series=series):
                servers.append(fork_server().pid)
            series.doubt()
    assert len(set(servers)) == 3


def test_a_run_that_broke_is_a_doubt(sandboxes: SandboxPool, monkeypatch: pytest.MonkeyPatch) -> None:
    before = play(sandboxes)

    def write(*args: Any) -> None:
        write_run(*args)
        args[1].plan.write_text("{}")

    with monkeypatch.context() as broken:
        broken.setattr("autograder.simulator.run.write_run", write)
        with (
            RunSeries(Isolation.SANDBOX, sandboxes) as series,
            run(scenario("Talking"), series=series) as record,
        ):
            assert record.end is End.DIED
    assert play(sandboxes) != before


def test_a_fork_server_is_replaced_after_so_many_runs(sandboxes: SandboxPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_pool, "MOST_RUNS", 2)
    servers = [play(sandboxes, "Quiet") for _ in range(4)]
    assert servers[0] == servers[1] != servers[2] == servers[3]


def test_a_submission_that_is_flagged_leaves_its_fork_server_to_nobody(sandboxes: SandboxPool) -> None:
    before = play(sandboxes)
    flagged = next(one.sample for one in load_all() if one.name == "connection_to_outside")
    submission = from_notebook(samples.notebook(flagged, *course_parts(CHECKOUT)), ASSIGNMENT)
    assert grade_submission(submission, ASSIGNMENT, CHECKOUT, sandboxes=sandboxes).flags
    assert not psutil.pid_exists(before)
    assert play(sandboxes) != before


def test_threads_have_fork_servers_of_their_own(sandboxes: SandboxPool) -> None:
    meet = threading.Barrier(2, timeout=60)

    def work(_: int) -> set[int]:
        mine = set()
        for _ in range(2):
            with sandboxes.lend() as sandbox:
                mine.add(id(sandbox))
                meet.wait()
        return mine

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, range(2))
    assert len(first) == len(second) == 1
    assert first != second


def test_a_thread_that_ends_takes_nobodys_fork_server_along(sandboxes: SandboxPool) -> None:
    mine = play(sandboxes)
    other = threading.Thread(target=play, args=(sandboxes, "Quiet"))
    other.start()
    other.join()
    assert play(sandboxes) == mine


def test_nothing_is_left_of_them(started: Started) -> None:
    opened = open_files()
    with SandboxPool() as sandboxes:
        play(sandboxes)
        threading.Thread(target=play, args=(sandboxes, "Quiet")).run()
        assert started()
    assert started() == set()
    assert open_files() == opened


def test_the_temporary_folder_may_be_in_memory(sandboxes: SandboxPool, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        play(sandboxes, then=lambda _: next(Path(folder).glob("autograder-run-*")))


def test_a_folder_that_somebody_has_removed_is_replaced(sandboxes: SandboxPool) -> None:
    with sandboxes.lend() as sandbox, sandbox.folder() as folder:
        place = folder.root.parent
    shutil.rmtree(place)
    play(sandboxes)


@pytest.mark.parametrize("name", ["it's", "with space", 'a"b'])
def test_the_temporary_folder_may_have_any_name(
    name: str, sandboxes: SandboxPool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / name))
    with RunSeries(Isolation.NONE, sandboxes) as series, run(scenario("Talking"), series=series) as record:
        assert received(collect(record)) == SIX_LINES


def test_a_fork_server_can_leave_nothing_where_later_runs_look(sandboxes: SandboxPool) -> None:
    play(sandboxes)
    root = Path(f"/proc/{fork_server().pid}/root")
    for folder in (".", "grading", "grading/library", "etc", "dev", "dev/shm"):
        with pytest.raises(OSError, match=r"Read-only|Permission"):
            (root / folder / "left").write_text("")


def test_a_grader_may_send_as_many_descriptors_as_the_machine_allows(sandboxes: SandboxPool) -> None:
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, most), most))
    try:
        play(sandboxes)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
