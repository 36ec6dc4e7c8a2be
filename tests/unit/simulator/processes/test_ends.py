"""The end of a child process tells its status, and whether it had used up its CPU time."""

import os
import resource
import select
import signal
import subprocess
import sys
from functools import partial

import pytest

from autograder.simulator.processes import ends
from autograder.simulator.processes.ends import Ended
from tests.tools.course_folder import PATIENCE

SECONDS = 1
"""CPU seconds that the process may take."""


def ended(code: str) -> Ended:
    """How a program ends that may take `SECONDS`."""
    limit = partial(resource.setrlimit, resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    process = subprocess.Popen([sys.executable, "-c", code], preexec_fn=limit)
    descriptor = ends.told_by(ends.Child(process.pid).wait)
    assert select.select([descriptor], [], [], PATIENCE)[0]
    process.returncode = 0  # somebody else has waited for it
    return ends.read(descriptor)


def test_a_number_that_may_be_another_process_s_is_not_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = []
    process = subprocess.Popen(["sleep", "1000"])
    child = ends.Child(process.pid)
    child.kill()
    assert child.wait().status == -signal.SIGKILL
    process.returncode = 0  # somebody else has waited for it
    monkeypatch.setattr(os, "kill", lambda pid, _: killed.append(pid))
    child.kill()
    assert killed == []


def test_a_process_that_computes_too_long_had_spent_its_time() -> None:
    found = ended("while True: pass")

    assert found.status == -signal.SIGXCPU
    assert found.had_spent(SECONDS)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import signal; signal.raise_signal(signal.SIGXCPU)", -signal.SIGXCPU),
        ("import os, signal; os._exit(128 + signal.SIGXCPU)", 128 + signal.SIGXCPU),
        ("raise SystemExit(3)", 3),
    ],
)
def test_any_other_had_not(code: str, status: int) -> None:
    found = ended(code)

    assert found.status == status
    assert not found.had_spent(SECONDS)
