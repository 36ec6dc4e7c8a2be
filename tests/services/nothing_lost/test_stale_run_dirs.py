"""Run folders of graders that were killed are removed; those in use and those of others are not."""

import atexit
import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from autograder.simulator.sandbox.bubblewrap import find_bubblewrap
from autograder.simulator.stale_run_dirs import remove_stale_run_dirs, run_folder
from tests.services.nothing_lost.forked import in_fork, obey_permissions
from tests.tools import needs
from tests.tools.course_folder import PATIENCE

USER = """
import sys, time
from autograder.simulator.stale_run_dirs import run_folder
with run_folder(sys.argv[1]) as folder:
    (folder / "work").mkdir()
    print(folder, flush=True)
    sys.stdin.read()
"""

INTERRUPTED = """
import sys
from autograder.simulator.stale_run_dirs import run_folder

def interrupt(frame, event, called):
    if event == "c_return" and called.__name__ == sys.argv[2]:
        sys.setprofile(None)
        raise KeyboardInterrupt

sys.setprofile(interrupt)
with run_folder(sys.argv[1]) as folder:
    (folder / "run").mkdir()
    (folder / "run" / "log").touch()
"""


def user_of_a_folder(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(parent)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_the_folder_of_a_killed_grader_is_removed_and_one_in_use_is_not(tmp_path: Path) -> None:
    process, folder = user_of_a_folder(tmp_path)
    assert remove_stale_run_dirs(str(tmp_path)) == []
    assert folder.is_dir()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert remove_stale_run_dirs(str(tmp_path)) == [folder]
    assert not list(tmp_path.iterdir())


def test_a_grader_removes_what_was_left_behind_when_it_makes_its_first_folder(tmp_path: Path) -> None:
    process, folder = user_of_a_folder(tmp_path)
    process.kill()
    process.wait()
    other, its_folder = user_of_a_folder(tmp_path)
    assert not folder.exists()
    assert its_folder.is_dir()
    other.communicate()
    assert not list(tmp_path.iterdir()), "and its own one in the end"


@pytest.mark.parametrize("when", ["mkdir", "flock", "scandir", "unlink", "rmdir"])
def test_a_folder_is_gone_whenever_its_making_or_its_removal_is_interrupted(when: str, tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path), when]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.endswith("KeyboardInterrupt\n")
    assert list(tmp_path.iterdir()) == [tmp_path / "precious"]


def test_a_process_that_was_forked_removes_nothing_of_the_others(tmp_path: Path) -> None:
    with run_folder(str(tmp_path)) as folder:
        child = os.fork()
        if not child:
            atexit._run_exitfuncs()
            os._exit(0)
        os.waitpid(child, 0)
        assert folder.is_dir()


@needs.SANDBOX
def test_a_sandbox_whose_grader_was_killed_before_it_was_made_is_ended(tmp_path: Path) -> None:
    grader, folder = user_of_a_folder(tmp_path)
    first = first_process_of_a_half_made_sandbox(folder)
    assert first.is_running(), "bubblewrap leaves it behind"
    assert remove_stale_run_dirs(str(tmp_path)) == []
    assert first.is_running(), "the grader is still there"
    grader.kill()
    grader.wait()
    assert remove_stale_run_dirs(str(tmp_path)) == [folder]
    first.wait(PATIENCE)


def first_process_of_a_half_made_sandbox(folder: Path) -> psutil.Process:
    """Kill a bubblewrap after it has made its first process, and before it tells it to begin. Return that process."""
    bubblewrap = find_bubblewrap().path
    assert bubblewrap is not None
    begin, never = os.pipe()
    told, info = os.pipe()
    command = [bubblewrap, "--unshare-user", "--unshare-pid", "--die-with-parent", "--bind", str(folder), "/runs"]
    command += ["--userns-block-fd", str(begin), "--info-fd", str(info), "--", "/bin/true"]
    making = subprocess.Popen(command, pass_fds=(begin, info))
    try:
        assert select.select([told], [], [], PATIENCE)[0]
        (first,) = psutil.Process(making.pid).children()
        return first
    finally:
        making.kill()
        making.wait()
        for descriptor in (begin, never, told, info):
            os.close(descriptor)


def test_what_only_looks_alike_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "autograder-run-12-abc").symlink_to(elsewhere)
    (runs / "autograder-run-13-abc").touch()
    (runs / "autograder-run-of-another-kind").mkdir()
    assert remove_stale_run_dirs(str(runs)) == []
    assert len(list(runs.iterdir())) == 3
    assert (elsewhere / "precious").exists()


def test_a_folder_that_another_grader_takes_before_it_is_locked_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = tempfile.mkdtemp

    def make_and_lose(**arguments: str) -> str:
        path = make(**arguments)
        made.append(path)
        if len(made) == 1:
            assert remove_stale_run_dirs(str(tmp_path)) == [Path(path)]
        return path

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_lose)
    with run_folder(str(tmp_path)) as folder:
        assert [str(folder)] == made[1:]
        assert folder.is_dir()


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(os.strerror(95))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with run_folder(str(tmp_path)) as folder:
        assert remove_stale_run_dirs(str(tmp_path)) == []
        assert folder.is_dir()
    assert not folder.exists()


def test_a_folder_that_may_not_be_opened_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "autograder-run-12-abc"
    folder.mkdir(mode=0)

    def remove() -> str:
        obey_permissions()
        return repr(remove_stale_run_dirs(str(tmp_path)))

    assert in_fork(remove) == "[]"
    assert folder.is_dir()
