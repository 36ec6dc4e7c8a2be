"""A site's own record of what it sends, what comes back, and what the server sends to it.

Where a student's code is the server, the witness on the server's root cell is in the student's hands. The reference
peers then tell of their messages themselves, each in its own process and in its own journal. No student's code runs
there, so the topic tells NVFlare's own messages from theirs.
"""

import itertools
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from nvflare.apis.fl_constant import ReservedKey
from nvflare.apis.fl_context import FLContext
from nvflare.apis.shareable import ReservedHeaderKey, Shareable
from nvflare.fuel.f3.cellnet.defs import MessageHeaderKey, ReturnCode
from nvflare.private.aux_runner import AuxRunner

from autograder.simulator import journal
from autograder.simulator.content import describe_reply, describe_request
from autograder.simulator.scenario import SERVER
from autograder.simulator.topics import SENT_TOPICS, SERVER_IDENTITY

_numbers = itertools.count(1)
_sending = threading.local()
"""In a thread that sends: who sends, and the number of the request."""


def tell_of_sending() -> None:
    """Journal the aux messages of this process from now on, as the witness does: ``request``, then ``reply``.

    They are all those that it sends, and those that come from the server, which no witness sees.
    """
    AuxRunner.send_aux_request = _telling_requests(AuxRunner.send_aux_request)
    AuxRunner._process_cell_replies = _telling_replies(AuxRunner._process_cell_replies)
    AuxRunner.dispatch = _telling_of_the_server(AuxRunner.dispatch)


def _telling_requests(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def told(runner: AuxRunner, targets: Any, topic: str, request: Any, timeout: float, fl_ctx: FLContext, **rest: Any):  # type: ignore[no-untyped-def]
        if topic not in SENT_TOPICS:
            _sending.me = fl_ctx.get_identity_name()
            _sending.number = f"{_sending.me}/{next(_numbers)}"
            for target in targets:
                fields = {"sender": _sending.me, "receiver": target.name, "topic": topic, "id": _sending.number}
                journal.current().write("request", **fields, **describe_request(request))
        return send(runner, targets, topic, request, timeout, fl_ctx, **rest)

    return told


def _telling_of_the_server(dispatch: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(dispatch)
    def told(runner: AuxRunner, topic: str, request: Any, fl_ctx: FLContext) -> Any:
        reply = dispatch(runner, topic=topic, request=request, fl_ctx=fl_ctx)
        if isinstance(request, Shareable) and not _is_no_components(topic, request):
            me = fl_ctx.get_identity_name()
            fields = {"topic": topic, "id": f"{SERVER}/{me}/{next(_numbers)}"}
            journal.current().write("request", sender=SERVER, receiver=me, **fields, **describe_request(request))
            journal.current().write("reply", sender=me, receiver=SERVER, **fields, **describe_reply(reply, None))
        return reply

    return told


def _is_no_components(topic: str, request: Shareable) -> bool:
    """Return whether a request is none of the server's components: from another site, or NVFlare's or the course's."""
    if request.get_peer_prop(ReservedKey.IDENTITY_NAME, None) != SERVER_IDENTITY:
        return True
    return topic in SENT_TOPICS and request.keys() <= {ReservedHeaderKey.HEADERS}


def _telling_replies(process: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(process)
    def told(runner: AuxRunner, cell_replies: Any, topic: str, channel: str, fqcn_to_name: dict[str, str]) -> Any:
        if topic not in SENT_TOPICS:
            for cell, reply in (cell_replies or {}).items():
                code = reply.get_header(MessageHeaderKey.RETURN_CODE, ReturnCode.OK)
                if code == ReturnCode.TIMEOUT:
                    continue  # there was no reply
                fields = {"sender": fqcn_to_name[cell], "receiver": _sending.me, "topic": topic, "id": _sending.number}
                journal.current().write("reply", **fields, **describe_reply(reply.payload, code))
        return process(runner, cell_replies, topic, channel, fqcn_to_name)

    return told
