"""Starting runs in the sandbox, and ending them so that nothing is left."""

import compileall
import contextlib
import json
import os
import resource
import socket
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

from autograder.simulator.disk import OWN_PLACES
from autograder.simulator.folder import RunFolder
from autograder.simulator.processes import fork_server
from autograder.simulator.processes.fork_server import ENDED, PATIENCE
from autograder.simulator.sandbox import commands, inner, privileges

_LONGEST_MESSAGE = 4096


class ActiveRun(Protocol):
    """A run that is being played."""

    def is_alive(self) -> bool:
        """Return whether its supervisor is there, or is to come."""


@cache
def compile_package() -> None:
    """Compile what runs in a sandbox once and here: in there nothing can be written, so every process would do it."""
    compileall.compile_dir(Path(__file__).parents[1], quiet=2)


class ForkServer:
    """A sandbox for runs, with the process in it that forks each run's supervisor.

    It ends with the thread that made it: bubblewrap takes the end of that thread for the end of its parent.

    Args:
        runs: the folder in which the runs' folders are, to be seen in the sandbox.
        output: the file for what bubblewrap and the fork server have to say.
    """

    def __init__(self, runs: Path, output: Path) -> None:
        _allow_many_files()
        self._user = privileges.another_user()
        if self._user is not None:
            runs.chmod(0o711)
        self._first: int | None = None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, _pipe() as (told, info), output.open("wb") as file:
            command = commands.sandboxed(fork_server.__name__, runs, self._user, info.fileno(), theirs.fileno())
            inherited = (info.fileno(), theirs.fileno())
            compile_package()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={},
                cwd=runs,
                pass_fds=inherited,
                start_new_session=True,  # Ctrl-C in a terminal is for the grader, which then ends the run
            )
            try:
                info.close()
                self._first = _first_process(told.read())
            except BaseException:
                self.end()
                raise

    @property
    def is_usable(self) -> bool:
        """Return whether it can play a run: it has not ended."""
        return self._process.poll() is None

    @contextlib.contextmanager
    def play(self, folder: RunFolder, disk: int) -> Iterator[ActiveRun]:
        """Play a run, of whose processes none is left when the context ends.

        If that cannot be said for certain, the whole sandbox is ended with them, and is not usable any more.

        Args:
            folder: a new one in the folder of runs.
            disk: bytes in memory for the working folders of students' parties.
        """
        privileges.give(folder.root, self._user)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            playing = _InSandbox(folder, ours)
            try:
                with theirs, contextlib.suppress(OSError):  # if it has ended, so has the run
                    order = json.dumps({"folder": folder.root.name, "disk": disk})
                    socket.send_fds(self._control, [order.encode()], [theirs.fileno()])
                yield playing
            finally:
                self._end_run(playing)

    def _end_run(self, playing: "_InSandbox") -> None:
        ended = False
        try:
            playing.is_alive()  # takes what may have been given away in the last moment
            ended = playing.has_come and self._ends_it()
        finally:
            if not ended:
                self.end()

    def _ends_it(self) -> bool:
        with contextlib.suppress(OSError):
            self._control.settimeout(3 * PATIENCE)
            self._control.send(b"end")
            return self._control.recv(_LONGEST_MESSAGE) == ENDED
        return False

    def end(self) -> None:
        """End the sandbox, with every process in it."""
        self._control.close()
        if self._first is None:
            self._process.kill()
        else:
            inner.kill(self._first, PATIENCE)
            self._first = None
        self._process.wait()


def _allow_many_files() -> None:
    """Let this process, and what it starts, have as many files open as it may.

    Descriptors on their way through sockets count for their user, and who has a lower limit cannot send any when others
    have sent as many: without this a party could keep the grader of an ordinary user from starting runs.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _InSandbox:
    def __init__(self, folder: RunFolder, channel: socket.socket) -> None:
        self._folder = folder
        self._channel = channel
        channel.setblocking(False)

    @property
    def has_come(self) -> bool:
        """Return whether the supervisor existed."""
        return self._folder.in_memory is not None

    def is_alive(self) -> bool:
        """Return whether the supervisor exists or is to come; what this gives away is collected on the way."""
        try:
            while self._take(*socket.recv_fds(self._channel, _LONGEST_MESSAGE, len(OWN_PLACES))[:2]):
                pass
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _take(self, told: bytes, descriptors: list[int]) -> bool:
        """Take what is given away. Return False for the end, when the supervisor has nothing more to tell."""
        if not descriptors:
            return False
        parties = told.decode(errors="replace").split()
        if self.has_come:
            self._folder.own_disks |= {party: tuple(descriptors) for party in parties}
        else:
            self._folder.in_memory = (descriptors[0], frozenset(parties))
        return True


@contextlib.contextmanager
def _pipe() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Yield the two ends of a pipe, closed when the context ends."""
    reading, writing = os.pipe()
    with open(reading, "rb") as out, open(writing, "wb") as into:
        yield out, into


def _first_process(info: bytes) -> int | None:
    """Return a file descriptor for the first process of the namespace, from what bubblewrap tells of itself.

    None when bubblewrap could not start; its output then says why.
    """
    try:
        return os.pidfd_open(json.loads(info)["child-pid"])
    except (ValueError, KeyError, ProcessLookupError):
        return None
