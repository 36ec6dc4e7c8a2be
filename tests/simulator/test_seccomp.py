"""The filter of system calls, as a program for the kernel."""

import ctypes
import errno
import os
import platform
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.simulator import seccomp
from autograder.simulator.bubblewrap import find_bubblewrap

INSTRUCTION = struct.Struct("=HBBI")


def verdict(program: bytes, number: int, architecture: int) -> int:
    """What a program says of a system call: a small machine for the four instructions that it is made of."""
    steps = [INSTRUCTION.unpack_from(program, at) for at in range(0, len(program), INSTRUCTION.size)]
    loaded, place = 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x20:
            loaded = {0: number, 4: architecture}[value]
        elif code == 0x15:
            place += yes if loaded == value else no
        elif code == 0x35:
            place += yes if loaded >= value else no
        else:
            assert code == 0x06
            return value


ALLOWED, REFUSED = 0x7FFF0000, 0x00050001
X86, ARM = 0xC000003E, 0xC00000B7


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", X86), ("aarch64", ARM)])
def test_each_denied_call_is_refused_and_its_neighbours_are_not(machine: str, architecture: int) -> None:
    program = seccomp.program(machine)
    denied = set(seccomp._DENIED[machine].values())

    for number in range(500):
        assert verdict(program, number, architecture) == (REFUSED if number in denied else ALLOWED), number


def test_calls_of_another_kind_of_machine_are_refused() -> None:
    program = seccomp.program("x86_64")

    assert verdict(program, 0, ARM) == REFUSED
    assert verdict(program, 0x40000000, X86) == REFUSED


def test_a_machine_that_is_not_known_has_no_filter() -> None:
    assert seccomp.program("riscv64") == b""


@pytest.mark.skipif(not find_bubblewrap().path or not seccomp.program(), reason="no sandbox, or no filter here")
def test_the_kernel_takes_it() -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, seccomp.program())
    os.close(write_end)
    script = "import os\ntry: os.memfd_create('x')\nexcept OSError as error: print(error.errno)"
    command = [find_bubblewrap().path, "--bind", "/", "/", "--seccomp", str(read_end), sys.executable, "-c", script]

    done = subprocess.run(command, pass_fds=[read_end], capture_output=True, text=True, check=False)  # type: ignore[arg-type]
    os.close(read_end)

    assert done.stdout.strip() == str(errno.EPERM), done.stderr


def test_the_numbers_are_those_of_this_machine() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if platform.machine() not in seccomp._DENIED:
        pytest.skip("not known here")
    number = seccomp._DENIED[platform.machine()]["memfd_create"]
    descriptor = libc.syscall(number, b"test", 0)

    assert "/memfd:test" in str(Path(f"/proc/self/fd/{descriptor}").readlink())
    os.close(descriptor)
