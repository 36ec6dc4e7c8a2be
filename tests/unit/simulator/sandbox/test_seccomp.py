"""The filter of system calls, as a program for the kernel."""

import ctypes
import errno
import fcntl
import os
import platform
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.simulator.sandbox import seccomp
from autograder.simulator.sandbox.bubblewrap import find_bubblewrap

INSTRUCTION = struct.Struct("=HBBI")


def verdict(program: bytes, number: int, architecture: int, arguments: tuple[int, ...] = (0,) * 6) -> int:
    """What a program says of a system call: a small machine for the five instructions that it is made of."""
    steps = [INSTRUCTION.unpack_from(program, at) for at in range(0, len(program), INSTRUCTION.size)]
    loaded, place = 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x20:
            words = {16 + 8 * at: argument & 0xFFFFFFFF for at, argument in enumerate(arguments)}
            loaded = {0: number, 4: architecture, **words}[value]
        elif code == 0x54:
            loaded &= value
        elif code == 0x15:
            place += yes if loaded == value else no
        elif code == 0x35:
            place += yes if loaded >= value else no
        else:
            assert code == 0x06
            return value


ALLOWED, REFUSED, ABSENT = 0x7FFF0000, 0x00050001, 0x00050026
CLONE3 = 435
X86, ARM = 0xC000003E, 0xC00000B7


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", X86), ("aarch64", ARM)])
def test_each_denied_call_is_refused_and_its_neighbours_are_not(machine: str, architecture: int) -> None:
    program = seccomp.program(machine)
    denied = set(seccomp._DENIED[machine].values())

    for number in range(500):
        said = verdict(program, number, architecture, arguments=(1, 0, 0, 2, 0, 0))
        assert said == (REFUSED if number in denied else ABSENT if number == CLONE3 else ALLOWED), number


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", X86), ("aarch64", ARM)])
def test_sockets_of_other_families_and_memory_that_nobody_has_are_refused(machine: str, architecture: int) -> None:
    program, numbers = seccomp.program(machine), seccomp._LOOKED_AT[machine]

    for call in ("socket", "socketpair"):
        for family in range(64):
            said = verdict(program, numbers[call], architecture, arguments=(family, 1, 0, 0, 0, 0))
            allowed = family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
            assert said == (ALLOWED if allowed else REFUSED), (call, family)
    for flags, allowed in ((0x22, True), (0x01, True), (0x02, True), (0x21, False), (0x4021, False), (0x23, False)):
        said = verdict(program, numbers["mmap"], architecture, arguments=(0, 4096, 3, flags, 0, 0))
        assert said == (ALLOWED if allowed else REFUSED), flags


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", X86), ("aarch64", ARM)])
def test_nobody_takes_a_lease_on_a_file_or_has_a_folder_watched(machine: str, architecture: int) -> None:
    program, number = seccomp.program(machine), seccomp._LOOKED_AT[machine]["fcntl"]

    for command in range(1100):
        said = verdict(program, number, architecture, arguments=(3, command, 1, 0, 0, 0))
        assert said == (REFUSED if command in (fcntl.F_SETLEASE, fcntl.F_NOTIFY) else ALLOWED), command


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", X86), ("aarch64", ARM)])
def test_a_thread_has_no_files_of_its_own(machine: str, architecture: int) -> None:
    program, number = seccomp.program(machine), seccomp._LOOKED_AT[machine]["clone"]
    fork, thread, thread_with_files = 0x1200011, 0x3D0F00, 0x3D0F00 & ~0x400

    for flags, allowed in ((fork, True), (thread, True), (thread_with_files, False)):
        said = verdict(program, number, architecture, arguments=(flags, 0, 0, 0, 0, 0))
        assert said == (ALLOWED if allowed else REFUSED), flags


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
    script = (
        "import fcntl, mmap, os, socket, subprocess, tempfile, threading\n"
        "own = tempfile.TemporaryFile()\n"
        "lease = lambda: fcntl.fcntl(own, fcntl.F_SETLEASE, fcntl.F_WRLCK)\n"
        "for call in (lambda: os.memfd_create('x'), lambda: socket.socket(40), lambda: mmap.mmap(-1, 4096), lease):\n"
        "    try: call()\n    except OSError as error: print(error.errno)\n"
        "mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS), socket.socket(), socket.socketpair()\n"
        "thread = threading.Thread(target=subprocess.run, args=(['true'],)); thread.start(); thread.join()"
    )
    bwrap = find_bubblewrap().path
    assert bwrap
    command = [bwrap, "--bind", "/", "/", "--seccomp", str(read_end), sys.executable, "-c", script]

    done = subprocess.run(command, pass_fds=[read_end], capture_output=True, text=True, check=False)
    os.close(read_end)

    assert done.stdout.split() == [str(errno.EPERM)] * 4, done.stderr
    assert done.returncode == 0, done.stderr


def test_the_numbers_are_those_of_this_machine() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if platform.machine() not in seccomp._DENIED:
        pytest.skip("not known here")
    number = seccomp._DENIED[platform.machine()]["memfd_create"]
    descriptor = libc.syscall(number, b"test", 0)

    assert "/memfd:test" in str(Path(f"/proc/self/fd/{descriptor}").readlink())
    os.close(descriptor)
