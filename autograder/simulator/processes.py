"""Starting the process tree of a run, and ending it so that nothing of it is left."""

import compileall
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from autograder.simulator import sandbox
from autograder.simulator.folder import RunFolder
from autograder.simulator.limits import Limits
from autograder.simulator.sandbox import Isolation

_PATIENCE = 10.0
"""Seconds for which the end of killed processes is awaited. It takes some milliseconds on an idle machine."""


@contextlib.contextmanager
def supervised(folder: RunFolder, isolation: Isolation, limits: Limits) -> Iterator[subprocess.Popen[bytes]]:
    """Start the supervisor of a run's folder. When the context ends, so do all processes of the run."""
    _compile_package()
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(folder.supervisor_output.open("wb"))
        if isolation is Isolation.SANDBOX:
            yield stack.enter_context(_sandboxed(folder, limits, output.fileno()))
        else:
            yield stack.enter_context(_kept(folder, output.fileno()))


@cache
def _compile_package() -> None:
    """Compile what runs in a sandbox once and here: in there nothing can be written, so every process would do it."""
    compileall.compile_dir(Path(__file__).parent, quiet=2)


@contextlib.contextmanager
def _kept(folder: RunFolder, output: int) -> Iterator[subprocess.Popen[bytes]]:
    """Under the keeper, which ends its descendants when its standard input ends."""
    process = _start(sandbox.unsandboxed(folder), folder, Isolation.NONE, output, ())
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _sandboxed(folder: RunFolder, limits: Limits, output: int) -> Iterator[subprocess.Popen[bytes]]:
    """In bubblewrap: with the first process of its process namespace end all others.

    The kernel reports that first process as ended only when no other process of the namespace is left.
    """
    info_end, info = os.pipe()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        try:
            command = sandbox.sandboxed(folder, limits.disk, info, theirs.fileno())
            process = _start(command, folder, Isolation.SANDBOX, output, (info, theirs.fileno()))
        finally:
            os.close(info)
            theirs.close()
        first = None
        try:
            first = _first_process(info_end)
            folder.in_memory = _places(ours)
            yield process
        finally:
            _end(process, first)


def _end(process: subprocess.Popen[bytes], first: int | None) -> None:
    """Kill a sandbox's first process, and wait until it is gone and bubblewrap, which waits for it, as well."""
    if first is None:
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(first, signal.SIGKILL)
        select.select([first], [], [], _PATIENCE)
        os.close(first)
    process.wait()


def _first_process(info: int) -> int | None:
    """A file descriptor for the first process of the namespace, from what bubblewrap tells of itself.

    None when bubblewrap could not start; its output then says why.
    """
    with open(info, "rb") as file:
        told = file.read()
    try:
        return os.pidfd_open(json.loads(told)["child-pid"])
    except (ValueError, KeyError, ProcessLookupError):
        return None


def _places(channel: socket.socket) -> tuple[int, frozenset[str]] | None:
    """The folder in memory that the supervisor gives away, and whose places are in it; None when it did not start."""
    told, descriptors, _, _ = socket.recv_fds(channel, 4096, 1)
    return (descriptors[0], frozenset(json.loads(told))) if descriptors else None


def _start(
    command: list[str], folder: RunFolder, isolation: Isolation, output: int, inherited: tuple[int, ...]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=sandbox.environment(isolation),
        cwd=folder.root,
        pass_fds=inherited,
        start_new_session=True,  # Ctrl-C in a terminal is for the grader, which then ends the run
    )
