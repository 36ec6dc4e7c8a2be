"""Starting the process tree of a run, and ending it so that nothing of it is left."""

import contextlib
import json
import os
import select
import subprocess
from collections.abc import Iterator

from autograder.simulator import sandbox
from autograder.simulator.folder import RunFolder
from autograder.simulator.sandbox import Isolation

_PATIENCE = 10.0
"""Seconds for which the end of killed processes is awaited. It takes some milliseconds on an idle machine."""


@contextlib.contextmanager
def launcher(folder: RunFolder, isolation: Isolation) -> Iterator[subprocess.Popen[bytes]]:
    """Start the launcher for a run's folder. When the context ends, so do all processes of the run."""
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(folder.launcher_output.open("wb"))
        if isolation is Isolation.SANDBOX:
            yield stack.enter_context(_sandboxed(folder, output.fileno()))
        else:
            yield stack.enter_context(_kept(folder, output.fileno()))


@contextlib.contextmanager
def _kept(folder: RunFolder, output: int) -> Iterator[subprocess.Popen[bytes]]:
    """Under the keeper, which ends its descendants when its standard input ends."""
    process = _start(sandbox.command(folder, Isolation.NONE), folder, Isolation.NONE, output, ())
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
def _sandboxed(folder: RunFolder, output: int) -> Iterator[subprocess.Popen[bytes]]:
    """In bubblewrap: killing it kills the first process of its process namespace, and that all others.

    The kernel reports that first process as ended only when no other process of the namespace is left.
    """
    read_end, write_end = os.pipe()
    try:
        command = sandbox.command(folder, Isolation.SANDBOX, info_fd=write_end)
        process = _start(command, folder, Isolation.SANDBOX, output, (write_end,))
    finally:
        os.close(write_end)
    first = None
    try:
        first = _first_process(read_end)
        yield process
    finally:
        process.kill()
        process.wait()
        if first is not None:
            select.select([first], [], [], _PATIENCE)
            os.close(first)


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
