"""Tells NVFlare's own aux messages and the course's from components': by their sender, content and time.

Anybody can send on any topic, so a topic alone hides nothing. Written against nvflare 2.9.0, of which a client in the
simulator sends the server two kinds of request by itself (``private/fed/client/client_runner.py``), both without any
content: it asks for the server until it gets an answer, before its first task; and it asks whether a task still stands,
before it submits the result. Whatever else a site sends is its components' doing.

`is_frameworks` depends on the message alone, so a sender, the witness and a receiver, who all count, agree on it.
`Timetable` is for the witness, which also sees when a message comes.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from nvflare.apis.fl_constant import ReservedKey
from nvflare.apis.shareable import ReservedHeaderKey, Shareable

from autograder.simulator.nvflare_private.topics import SYNC_RUNNER, TASK_CHECK
from autograder.simulator.scenario import SERVER

_ON_EVERY_REQUEST = frozenset({ReservedHeaderKey.TOPIC, ReservedHeaderKey.PEER_PROPS})
_SENT_TO_THE_SERVER = {
    SYNC_RUNNER: _ON_EVERY_REQUEST,
    TASK_CHECK: _ON_EVERY_REQUEST | {ReservedKey.TASK_ID},
}
"""The requests that a client's NVFlare sends by itself, with the headers that they have."""

_BETWEEN_CHECKS = 5.0
"""Seconds that pass at least before NVFlare repeats its question about a task (``task_check_interval``)."""


def is_frameworks(topic: Any, receiver: str, request: Any) -> bool:
    """Return whether a request looks like NVFlare's own: to the server, and without any content."""
    headers = _SENT_TO_THE_SERVER.get(topic) if isinstance(topic, str) else None
    if headers is None or receiver != SERVER or not isinstance(request, Shareable):
        return False
    own = request.get(ReservedHeaderKey.HEADERS)
    return request.keys() <= {ReservedHeaderKey.HEADERS} and isinstance(own, dict) and own.keys() <= headers


@dataclass
class _Site:
    """NVFlare's own requests at a site so far: when it last asked for a task, and its task checks since then."""

    asked: float | None = None
    checks: int = 0


@dataclass
class Timetable:
    """The times at which each site's NVFlare sends its own requests, as seen from the server."""

    _sites: dict[str, _Site] = field(default_factory=lambda: defaultdict(_Site))

    def note_task_request(self, sender: str) -> None:
        """Take note that a site has asked for a task."""
        self._sites[sender] = _Site(asked=time.monotonic())

    def expects(self, topic: str, sender: str) -> bool:
        """Return whether a request of this topic without content can be NVFlare's own now, and count it."""
        site = self._sites[sender]
        if topic == SYNC_RUNNER:
            return site.asked is None
        if site.asked is None:
            return False
        site.checks += 1
        # Delays on the way make the time since then longer, never shorter.
        return site.checks <= 1 + (time.monotonic() - site.asked) // _BETWEEN_CHECKS
