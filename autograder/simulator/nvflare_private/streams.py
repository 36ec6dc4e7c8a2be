"""Putting messages together that travel in chunks."""

from dataclasses import dataclass, field
from typing import Any

from nvflare.fuel.f3.cellnet.defs import MessageHeaderKey
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.streaming.stream_const import StreamHeaderKey

from autograder.simulator.nvflare_private.message_control import payload_of
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

    def add(self, sequence: int, payload: bytes, *, final: bool) -> bool:
        """Take one more chunk, and return whether it is new. A payload beyond what is looked at is only counted."""
        if final:
            self._count = sequence + 1
        if sequence in self._payloads:
            return False
        self._size += len(payload)
        self._payloads[sequence] = payload if self._size <= LONGEST_CONTENT else b""
        return True

    def ends_with(self, sequence: int) -> bool:
        """Return whether a chunk is the last of those that have come, and all before it are there."""
        return len(self._payloads) == sequence + 1 == max(self._payloads) + 1

    @property
    def complete(self) -> bool:
        """Return whether all chunks are there."""
        return self._count is not None and len(self._payloads) >= self._count

    def stream(self) -> Stream:
        """Return the whole message, with its chunks in order."""
        return Stream(self.headers, [self._payloads[number] for number in sorted(self._payloads)], self._size)


@dataclass
class PassingStream:
    """A stream that passes.

    Attributes:
        held: the chunks that were stopped until it is decided about the whole message.
        whole: whether all of it has come. What comes then is sent again, and shares the fate of the first.
        stopped: whether the message was stopped.
    """

    chunks: Chunks
    held: list[Message] = field(default_factory=list)
    whole: bool = False
    stopped: bool = True

    def pass_whole(self) -> tuple[Stream, list[Message]]:
        """Return the whole message and its chunks that are held, of which nothing is kept."""
        stream, held = self.chunks.stream(), self.held
        self.chunks, self.held, self.whole = Chunks({}), [], True
        return stream, held


def in_one_piece(message: Message) -> Stream:
    """Describe a message that does not travel as a stream as if it did."""
    payload = payload_of(message)
    headers = dict(message.headers)
    headers[StreamHeaderKey.CHANNEL] = message.get_header(MessageHeaderKey.CHANNEL)
    headers[StreamHeaderKey.TOPIC] = message.get_header(MessageHeaderKey.TOPIC)
    return Stream(headers, [payload], len(payload))
