"""The transactions of NVFlare's ``ReliableMessage``, read from the messages that carry them.

A request is sent under a topic of NVFlare's own, again and again until its receiver says that it has it; the answer
comes back as a request. In between the sender asks how far it is. Written against nvflare 2.9.0
(``apis/utils/reliable_message.py``), as ``tests/simulator/test_transactions.py`` proves.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from nvflare.apis.shareable import ReservedHeaderKey, Shareable
from nvflare.apis.utils.reliable_message import (
    HEADER_OP,
    HEADER_TOPIC,
    HEADER_TX_ID,
    OP_QUERY,
    OP_REPLY,
    OP_REQUEST,
    TOPIC_RELIABLE_REPLY,
    TOPIC_RELIABLE_REQUEST,
)


class Role(Enum):
    """The role of a message in a transaction."""

    REQUEST = auto()
    QUERY = auto()
    REPLY = auto()


@dataclass(frozen=True)
class Step:
    """A message of a transaction.

    Attributes:
        topic: that of the request, as its sender named it.
        again: whether the request was sent before.
    """

    transaction: str
    role: Role
    topic: str
    again: bool = False


class Transactions:
    """The transactions of a run."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str, str]] = {}
        self._open: dict[str, str] = {}

    def read(self, sender: str, receiver: str, topic: str, request: Any) -> Step | None:
        """Return what a message is in a transaction; None for one of a component that only looks like that."""
        if topic not in (TOPIC_RELIABLE_REQUEST, TOPIC_RELIABLE_REPLY) or not isinstance(request, Shareable):
            return None
        number, told, operation = (request.get_header(key) for key in (HEADER_TX_ID, HEADER_TOPIC, HEADER_OP))
        if not isinstance(number, str):
            return None
        known = self._known.get(number)
        if topic == TOPIC_RELIABLE_REQUEST and operation == OP_REQUEST and isinstance(told, str):
            link = (sender, receiver, told)
            if known is None or known == link:
                self._known[number] = link
                return Step(number, Role.REQUEST, told, again=known is not None)
        if known is None:
            return None
        if topic == TOPIC_RELIABLE_REQUEST and operation == OP_QUERY and known[:2] == (sender, receiver):
            return Step(number, Role.QUERY, known[2]) if _is_empty(request) else None
        if topic == TOPIC_RELIABLE_REPLY and known[:2] == (receiver, sender):
            return Step(number, Role.REPLY, known[2])
        return None

    def begin(self, transaction: str) -> None:
        """Note that a request has got to its receiver, who owes an answer."""
        self._open[transaction] = self._known[transaction][1]

    def end(self, transaction: str) -> None:
        """Note that the answer has come, or never will."""
        self._open.pop(transaction, None)

    def owed_by(self) -> list[str]:
        """Return who owes an answer, once for each transaction."""
        return list(self._open.values())


def is_answer(reply: Any) -> bool:
    """Return whether what comes back at once is the answer, or says that there will be none; else it is a receipt."""
    if not isinstance(reply, Shareable):
        return True
    return bool(reply.get_header(HEADER_OP) == OP_REPLY or reply.get_return_code() != "OK")


def _is_empty(request: Shareable) -> bool:
    """Return whether a query is as NVFlare sends it, without any content."""
    headers = request.get(ReservedHeaderKey.HEADERS)
    known = {ReservedHeaderKey.TOPIC, ReservedHeaderKey.PEER_PROPS, HEADER_TX_ID, HEADER_OP}
    return request.keys() <= {ReservedHeaderKey.HEADERS} and isinstance(headers, dict) and headers.keys() <= known
