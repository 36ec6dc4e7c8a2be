"""What processes use together."""

import os
import subprocess
import sys

from autograder.simulator.processes.usage import OF_A_FILE, OF_A_PROCESS, Usage, usage_of

GRANDCHILD = "print(flush=True); input()"
CHILD = f"import subprocess, sys; b = bytearray(80 << 20); subprocess.run([sys.executable, '-c', '{GRANDCHILD}'])"


def test_what_a_process_has_started_is_counted_together() -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdout.readline()  # before that the grandchild can still be a copy of the child
        below = usage_of({"site": [process.pid], "all": [os.getpid()], "both": [process.pid, os.getpid()]})
        process.stdin.close()

    assert below["all"].processes >= 2
    assert below["all"].memory > 80 << 20
    assert below["site"].processes == 1
    assert below["site"].memory < 80 << 20
    assert below["both"].processes >= 3


PIPES = "import os; pipes = [os.pipe() for _ in range(400)]; print(flush=True); input()"


def test_the_files_that_a_process_has_open_are_charged_for() -> None:
    before = usage_of({"site": [os.getpid()]})["site"]
    with subprocess.Popen([sys.executable, "-c", PIPES], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdout.readline()
        usage = usage_of({"site": [os.getpid()]})["site"]
        process.stdin.close()

    assert usage.memory >= before.memory + 800 * OF_A_FILE + OF_A_PROCESS


def test_one_that_has_ended_uses_nothing() -> None:
    process = subprocess.Popen(["true"])
    process.wait()

    assert usage_of({"site": [process.pid]}) == {"site": Usage()}


def test_a_name_that_looks_like_numbers_does_no_harm() -> None:
    script = "import ctypes; ctypes.CDLL(None).prctl(15, b') R 1 2 (', 0, 0, 0); print(flush=True); input()"
    before = usage_of({"site": [os.getpid()]})["site"]
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdout.readline()
        usage = usage_of({"site": [os.getpid()]})["site"]
        process.stdin.close()

    assert usage.processes == before.processes + 1
