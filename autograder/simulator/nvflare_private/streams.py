"""Putting messages together that travel in chunks."""

from typing import Any

from autograder.simulator.nvflare_private.payload import LONGEST_CONTENT, Stream


class Chunks:
    """The chunks of one message that have come so far, in whatever order; a chunk that is sent again counts once.

    Args:
        headers: those of the first chunk that came.
    """

    def __init__(self, headers: dict[str, Any]) -> None:
        self.headers = headers
        self._payloads: dict[int, bytes] = {}
        self._size = 0
        self._count: int | None = None

    def add(self, sequence: int, payload: bytes, *, final: bool) -> None:
        """Take one more chunk. Payloads beyond what is looked at are counted and not kept."""
        if final:
            self._count = sequence + 1
        if sequence in self._payloads:
            return
        self._size += len(payload)
        self._payloads[sequence] = payload if self._size <= LONGEST_CONTENT else b""

    @property
    def complete(self) -> bool:
        """Return whether all chunks are there."""
        return self._count is not None and len(self._payloads) >= self._count

    def stream(self) -> Stream:
        """Return the whole message, with its chunks in order."""
        return Stream(self.headers, [self._payloads[number] for number in sorted(self._payloads)], self._size)
