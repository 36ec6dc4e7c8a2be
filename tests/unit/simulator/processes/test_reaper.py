"""A reaper leaves nothing of what it has started, on Linux and where nobody adopts processes without a parent."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from autograder.simulator.processes import reaper
from tests.tools import as_on_macos, needs
from tests.tools.course_folder import PATIENCE

ENVIRONMENTS = {"here": dict(os.environ), "as on macOS": as_on_macos.environment()}
REFUSED = """
import ctypes, os
tried = (lambda: os.fork(), lambda: os.pidfd_open(1), lambda: open("/proc/self/stat"), lambda: os.listdir("/proc"))
for one in (*tried, lambda: ctypes.CDLL(None).prctl):
    try:
        one()
    except (AttributeError, OSError):
        continue
    print("not refused")
"""
LOOKED = """
import subprocess, sys
from autograder.simulator.processes.reaper import Family
family = Family(adopts=False)
shell = subprocess.Popen(
    ["sh", "-c", f"sleep {sys.argv[1]} & echo && read _"], stdin=-1, stdout=-1, env={}, start_new_session=True
)
shell.stdout.readline()
family.look()
shell.stdin.close()
shell.wait()
family.end()
"""

KEEPER = """
import subprocess
from autograder.simulator.processes.reaper import Family
family = Family(adopts=False)
first = subprocess.Popen(["sleep", "1000"], env={})
family.look()
input()
first.kill()
first.wait()
print("gone", flush=True)
input()
family.end()
"""
REUSED = """
import subprocess, sys
import psutil
keeper = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=-1, stdout=-1, text=True)
while not (below := psutil.Process(keeper.pid).children()):
    pass
number, begun = below[0].pid, below[0].create_time()
print(file=keeper.stdin, flush=True)
keeper.stdout.readline()
while True:  # until the kernel's clock shows another time
    with open("/proc/sys/kernel/ns_last_pid", "w") as last:
        last.write(str(number - 1))
    other = subprocess.Popen(["sleep", "1000"])
    if other.pid == number and psutil.Process(number).create_time() != begun:
        break
    other.kill()
    other.wait()
keeper.communicate("end")
print(keeper.returncode, other.poll())
"""
"""Alone in a namespace, in which the number of a process that has ended is given to another one."""


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    return ENVIRONMENTS[request.param]


@pytest.fixture
def seconds() -> Iterator[str]:
    """How long a process sleeps that is to be found among all of the machine; those that are left are ended."""
    seconds = str(10**9 + secrets.randbelow(10**9))
    yield seconds
    for process in sleeping(seconds):
        process.kill()


def sleeping(seconds: str) -> list[psutil.Process]:
    found = psutil.process_iter(["cmdline", "status"])
    alive = [process for process in found if process.info["status"] != psutil.STATUS_ZOMBIE]
    return [process for process in alive if process.info["cmdline"] == ["sleep", seconds]]


def wait_for(seconds: str, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(sleeping(seconds)) != count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start(script: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", reaper.__name__, str(os.getpid()), "sh", "-c", script]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)


def test_what_macos_lacks_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", REFUSED], env=ENVIRONMENTS["as on macOS"], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""


def test_the_end_of_its_input_ends_all_also_those_without_a_parent(environment: dict[str, str], seconds: str) -> None:
    process = start(f"(setsid sleep {seconds} &) ; (sleep {seconds} &) ; sleep {seconds}", environment)
    wait_for(seconds, 3)

    process.communicate(timeout=PATIENCE)

    assert sleeping(seconds) == []


def test_nothing_outlives_a_command_that_ends(environment: dict[str, str], seconds: str) -> None:
    process = start(f"(sleep {seconds} &) ; sleep {seconds} & exit 7", environment)

    assert process.wait(PATIENCE) == 7
    assert sleeping(seconds) == []


def test_one_without_an_environment_is_known_from_when_its_parent_lived(seconds: str) -> None:
    subprocess.run([sys.executable, "-c", LOOKED, seconds], check=True, timeout=PATIENCE)

    assert sleeping(seconds) == []


@needs.SANDBOX
def test_another_process_that_got_the_number_of_one_that_ended_is_left_alone() -> None:
    alone = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"]
    command = [*alone, sys.executable, "-c", REUSED, KEEPER]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert (done.stdout, done.stderr) == ("0 None\n", "")
