"""What processes use together."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.simulator.usage import Usage, longest_wait, usage_of

CHILD = "import subprocess, sys, time; block = bytearray(80 << 20); subprocess.run([sys.executable, '-c', 'input()'])"


def test_what_a_process_has_started_is_counted_together() -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE) as process:
        deadline = time.monotonic() + 30
        while usage_of({"site": [process.pid]})["site"].processes < 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        below = usage_of({"site": [process.pid], "all": [os.getpid()], "both": [process.pid, os.getpid()]})
        process.stdin.close()  # type: ignore[union-attr]

    assert below["all"].processes >= 2
    assert below["all"].memory > 80 << 20
    assert below["site"].processes == 1
    assert below["site"].memory < 80 << 20
    assert below["both"].processes >= 3


def test_one_that_has_ended_uses_nothing() -> None:
    process = subprocess.Popen(["true"])
    process.wait()

    assert usage_of({"site": [process.pid]}) == {"site": Usage()}


def test_a_name_that_looks_like_numbers_does_no_harm() -> None:
    script = "import ctypes; ctypes.CDLL(None).prctl(15, b') R 1 2 (', 0, 0, 0); print(flush=True); input()"
    before = usage_of({"site": [os.getpid()]})["site"]
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()  # type: ignore[union-attr]
        usage = usage_of({"site": [os.getpid()]})["site"]
        process.stdin.close()  # type: ignore[union-attr]

    assert usage.processes == before.processes + 1


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the kernel does not count how long is waited")
def test_who_computes_beside_another_on_one_core_waits_for_half_of_the_time() -> None:
    core = min(os.sched_getaffinity(0))
    alone = f"import os; os.sched_setaffinity(0, [{core}])"
    with subprocess.Popen([sys.executable, "-c", f"{alone}; input()"], stdin=subprocess.PIPE) as sleeping:
        spinning = [subprocess.Popen([sys.executable, "-c", f"{alone}\nwhile True: pass"]) for _ in range(2)]
        while all((longest_wait([process.pid]) or 0) < 0.5 for process in spinning):
            time.sleep(0.05)
        slept = longest_wait([sleeping.pid])
        together = longest_wait([process.pid for process in (sleeping, *spinning)])
        for process in spinning:
            process.kill()
            process.wait()
        sleeping.stdin.close()  # type: ignore[union-attr]

    assert slept is not None and together is not None
    assert slept < 0.5 <= together
    assert longest_wait([spinning[0].pid]) is None
