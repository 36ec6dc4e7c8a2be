"""The file systems in memory of a run's parties, which the supervisor holds open, and gives to the grader.

They are opened before any code of a party has begun. So they can be looked at whatever a party does then, and by the
grader when all of its processes have ended.
"""

import array
import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.simulator.disk import OWN_PLACES, full_places
from autograder.simulator.sandbox import inner


class HeldDisks:
    """The file systems in memory of one run. Makes the working folders of the students' parties in one of them.

    Args:
        students: the parties whose file systems are given away.
        channel: the socket to the grader.
    """

    def __init__(self, students: Sequence[str], channel: socket.socket) -> None:
        self._students = students
        self._channel = channel
        self._own: dict[str, tuple[int, ...]] = {}
        self._told: set[tuple[str, str]] = set()
        for party in students:
            Path(inner.WORK_DIRS, party).mkdir()
        self._work_dirs = _open(inner.WORK_DIRS)
        # Never an empty message: that would be the end of what there is to tell.
        self._give(" ".join(students) or " ", self._work_dirs)

    def hold(self, party: str, first: int) -> None:
        """Hold what a party has of its own.

        Args:
            first: the number of the first process in its sandbox.
        """
        self._own[party] = tuple(_open(f"/proc/{first}/root{place}") for place in OWN_PLACES)
        if party in self._students:
            self._give(party, *self._own[party])

    def all(self) -> Iterator[int]:
        """Yield a descriptor of each."""
        yield self._work_dirs
        for own in self._own.values():
            yield from own

    def newly_full(self) -> list[tuple[str, str]]:
        """Return which students' parties have which place full, each once."""
        held = ((party, (self._work_dirs, *self._own.get(party, ()))) for party in self._students)
        found = [(party, place) for party, descriptors in held for place in full_places(descriptors)]
        new = [each for each in found if each not in self._told]
        self._told.update(new)
        return new

    def _give(self, told: str, *descriptors: int) -> None:
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))
        self._channel.sendmsg([told.encode()], [rights])


def _open(folder: str) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
