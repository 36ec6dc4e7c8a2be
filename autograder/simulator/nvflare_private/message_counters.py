"""Counting a process's own aux messages, so that a run can be known to be quiet."""

import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial, wraps
from typing import Any

from nvflare.apis.fl_constant import ReservedKey
from nvflare.apis.shareable import ReservedHeaderKey, Shareable
from nvflare.fuel.f3.cellnet.cell import Adapter, Cell
from nvflare.fuel.f3.cellnet.defs import CellChannel
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.stream_cell import StreamCell
from nvflare.fuel.f3.streaming.stream_const import StreamHeaderKey
from nvflare.fuel.f3.streaming.stream_types import StreamFuture
from nvflare.private.aux_runner import AuxRunner
from nvflare.private.fed.client.client_runner import ClientRunner

from autograder.simulator.awaited_replies import awaiting_reply
from autograder.simulator.guard import Guard
from autograder.simulator.handling_marks import mark
from autograder.simulator.in_step import InStep
from autograder.simulator.journal import Journal
from autograder.simulator.nvflare_private import foreign_types
from autograder.simulator.nvflare_private.framework_traffic import is_frameworks
from autograder.simulator.nvflare_private.topics import COLLAB_CHANNEL, SENT_TOPICS, SERVER_IDENTITY
from autograder.simulator.scenario import SERVER, Gathering
from autograder.simulator.time_scale import TimeScale

_PATIENCE = 2.0
"""Seconds for which messages that are to be handled together wait for each other, on an idle machine."""
_BEHIND = 0.5
"""Seconds for which handlers in step wait for one that a lock may keep, on an idle machine."""
_MOMENT = 0.01
"""Seconds that such a one has to go on when the lock is free, on an idle machine: many times what it takes."""

_MOST_TOLD = 100
"""Messages of which it is told that a handler has begun with them. A right answer gets a few."""

_log = logging.getLogger(__name__)

_Part = Callable[[], AbstractContextManager[None]]


class MessageCounters:
    """Counts in one process the aux messages that it sent and that it handled, so that a run is known to be quiet.

    It runs in the process that it counts, so a student's code could change it. The counts therefore decide when a run
    is over, and whether it is run once more, but never what an answer is worth.

    Its own parts are guarded: a mistake in one is told, and does not become the reply of the handler that it wraps.

    Args:
        pending: returns the counts of what components have still to do, apart from messages.

    Attributes:
        ending: how many tasks are over but for events of which components still hear.
    """

    def __init__(self, journal: Journal, time_scale: TimeScale, pending: Callable[[], Mapping[str, int]]) -> None:
        self._journal = journal
        self._time_scale = time_scale
        self._pending = pending
        self._lock = threading.Lock()
        self.sent = 0
        self.handled = 0
        self.ending = 0
        self._begun = 0
        self.to_self = 0
        self.replies = 0
        self.unheard = 0
        self._gathering: Gathering | None = None
        self._gathered = threading.Barrier(1)
        self._met = 0
        self._guard = Guard(journal)
        self._in_step = InStep(partial(time_scale.allow, _BEHIND), partial(time_scale.allow, _MOMENT), self._guard)
        self._came: Counter[str] = Counter()

    def gather(self, gathering: Gathering | None) -> None:
        """Hold the first messages of a topic until so many are there, then give them to their handlers all at once."""
        self._gathering = gathering
        self._gathered = threading.Barrier(gathering.count if gathering else 1)

    def counts(self) -> dict[str, int]:
        """Return the counts so far, by name, with those of what is pending.

        They are read in an order in which nothing gets lost: a handler may start a thread, and a thread sends.
        """
        handled, pending = self.handled, self._pending()
        return {
            "handled": handled,
            **pending,
            "ending": self.ending,
            "sent": self.sent,
            "to_self": self.to_self,
            "replies": self.replies,
            "unheard": self.unheard,
        }

    def correct(self, *, sent: int = 0, handled: int = 0, replies: int = 0, unheard: int = 0) -> None:
        """Add to the counts what this site's own network loses or doubles, of which the server's witness knows nothing.

        Args:
            unheard: requests and replies for which the server waits in vain.
        """
        with self._lock:
            self.sent += sent
            self.handled += handled
            self.replies += replies
            self.unheard += unheard

    def install(self) -> None:
        """Start to count, in this process."""
        foreign_types.install()  # what a receiver cannot read it never handles
        AuxRunner.send_aux_request = self._counting_send(AuxRunner.send_aux_request)
        AuxRunner.multicast_aux_requests = self._counting_multicast(AuxRunner.multicast_aux_requests)
        AuxRunner.dispatch = self._counting_dispatch(AuxRunner.dispatch)
        Cell._process_reply = self._counting_replies(Cell._process_reply)
        Cell._send_one_request = self._noting_patience(Cell._send_one_request)
        StreamCell.send_blob = self._counting_calls(StreamCell.send_blob)
        Adapter._send_response = self._counting_responses(Adapter._send_response)
        ClientRunner.fetch_and_run_one_task = self._noting_the_end(ClientRunner.fetch_and_run_one_task)

    def _counting_send(self, send: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(send)
        def counted(runner: AuxRunner, targets: Any, topic: str, request: Any, *args: Any, **kwargs: Any) -> Any:
            # NVFlare fails to send anything else than a Shareable, such as a DXO, and with a timeout that is no number.
            timeout = args[0] if args else kwargs.get("timeout", 0)
            if isinstance(request, Shareable) and _is_number(timeout):
                self._guard.do(lambda: self._count_sent(topic, ((to.name, request) for to in targets)), None)
            with self._guard.around(awaiting_reply):
                return send(runner, targets, topic, request, *args, **kwargs)

        return counted

    def _counting_multicast(self, send: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(send)
        def counted(runner: AuxRunner, topic: str, target_requests: Any, *args: Any, **kwargs: Any) -> Any:
            # With a timeout NVFlare 2.9.0 fails before it sends anything, and without targets.
            timeout = args[0] if args else kwargs.get("timeout", 0)
            if target_requests and _is_number(timeout) and not timeout > 0:
                self._guard.do(lambda: self._count_sent(topic, ((to.name, one) for to, one in target_requests)), None)
            return send(runner, topic, target_requests, *args, **kwargs)

        return counted

    def _count_sent(self, topic: str, requests: Iterable[tuple[str, Any]]) -> None:
        with self._lock:
            self.sent += sum(not is_frameworks(topic, to, request) for to, request in requests)

    def _counting_dispatch(self, dispatch: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(dispatch)
        def counted(runner: AuxRunner, topic: str, request: Any, fl_ctx: Any) -> Any:
            nothing: Sequence[_Part] = ()
            me = fl_ctx.get_identity_name()
            with self._guard.around(*self._guard.do(lambda: self._around_handler(str(topic), request, me), nothing)):
                return dispatch(runner, topic=topic, request=request, fl_ctx=fl_ctx)

        return counted

    def _around_handler(self, topic: str, request: Any, me: str) -> Sequence[_Part]:
        """Return what the handling of a request is done in; nothing for one of NVFlare's or the course's."""
        sender = _sender_of(request)
        receiver = SERVER if me == SERVER_IDENTITY else me
        by_the_server = sender == SERVER_IDENTITY and sender != me
        if (by_the_server and topic in SENT_TOPICS) or is_frameworks(topic, receiver, request):
            return ()
        meeting: list[_Part] = []
        in_step: list[_Part] = []
        if gathering := self._gathering_of(topic):
            meeting = [partial(self._meeting, gathering)]
            in_step = [self._in_step.running] if gathering.in_step else []
        counting = partial(self._counting, to_self=sender == me)
        return [counting, *meeting, partial(self._telling, topic, str(sender)), *in_step]

    @contextlib.contextmanager
    def _counting(self, *, to_self: bool) -> Iterator[None]:
        """Count a message as handled when all is done that is told of it."""
        try:
            yield
        finally:
            with self._lock:
                self.handled += 1
                self.to_self += to_self

    def _counting_calls(self, send: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(send)
        def counted(cell: StreamCell, channel: str, *args: Any, **kwargs: Any) -> Any:
            if channel == COLLAB_CHANNEL:
                with self._lock:
                    self.sent += 1
            return send(cell, channel, *args, **kwargs)

        return counted

    def _counting_responses(self, respond: Callable[..., Any]) -> Callable[..., Any]:
        """Count a call as handled when its function has returned, whether or not anybody waits for what it returns."""

        @wraps(respond)
        def counted(adapter: Adapter, response: Any, stream: str, number: str, channel: str, *rest: Any) -> Any:
            counting = [partial(self._counting, to_self=False)] if channel == COLLAB_CHANNEL else []
            with self._guard.around(*counting):
                return respond(adapter, response, stream, number, channel, *rest)

        return counted

    def _counting_replies(self, process: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(process)
        def counted(cell: Cell, future: StreamFuture) -> Any:
            try:
                return process(cell, future)
            finally:
                self._guard.do(lambda: self._count_reply(future), None)

        return counted

    def _count_reply(self, future: StreamFuture) -> None:
        if counts_as_reply(future.headers):
            with self._lock:
                self.replies += 1

    def _noting_patience(self, send: Callable[..., Any]) -> Callable[..., Any]:
        """Journal each request whose sender gave up, with the seconds for which it was ready to wait.

        A reply can be here when that happens, so nothing but what the sender is given tells whether it came in time.
        """

        @wraps(send)
        def noted(
            cell: Cell, channel: str, target: str, topic: str, request: Message, timeout: float, *rest: Any, **more: Any
        ) -> Any:
            with self._guard.around(awaiting_reply):
                reply = send(cell, channel, target, topic, request, timeout, *rest, **more)
            if channel in (CellChannel.AUX_COMMUNICATION, COLLAB_CHANNEL):
                self._guard.do(lambda: self._note_patience(request, reply, timeout), None)
            return reply

        return noted

    def _note_patience(self, request: Message, reply: Message, timeout: float) -> None:
        number = request.get_header(StreamHeaderKey.STREAM_REQ_ID)
        if reply.get_header(StreamHeaderKey.STREAM_REQ_ID) != number:
            self._journal.write("gave up", id=number, after=float(timeout))

    def _noting_the_end(self, run_task: Callable[..., Any]) -> Callable[..., Any]:
        """Note that components have heard of all events of a task. The last event has none behind it that tells."""

        @wraps(run_task)
        def noted(runner: ClientRunner, fl_ctx: Any) -> Any:
            try:
                return run_task(runner, fl_ctx)
            finally:
                self.ending = 0

        return noted

    def _gathering_of(self, topic: str) -> Gathering | None:
        """Return with which messages one of this topic is handled together; None if it is not."""
        with self._lock:
            gathering = self._gathering if self._gathering and self._gathering.topic == topic else None
            self._met += gathering is not None
            return gathering if gathering and self._met <= gathering.count else None

    @contextlib.contextmanager
    def _meeting(self, gathering: Gathering) -> Iterator[None]:
        """Wait for the others, and then begin."""
        if gathering.in_step:
            self._in_step.join()
        with contextlib.suppress(threading.BrokenBarrierError):
            self._gathered.wait(self._time_scale.allow(_PATIENCE))
        yield

    @contextlib.contextmanager
    def _telling(self, topic: str, sender: str) -> Iterator[None]:
        """Journal that a handler begins, and that it ends, which one that hangs never does.

        Where messages are gathered, a mark in the log tells the lines before it from those that come of this message.
        """
        with self._lock:
            self._begun += 1
            number = self._begun
        if number > _MOST_TOLD:
            yield
            return
        if self._gathering and self._gathering.topic == topic:
            with self._lock:
                self._came[sender] += 1
                nth = self._came[sender]
            _log.info(mark(sender, nth))
        self._journal.write("handling", number=number)
        try:
            yield
        finally:
            self._journal.write("handled", number=number)


def counts_as_reply(headers: Mapping[str, Any]) -> bool:
    """Return whether a reply with these headers is one to a component's message, for all that its topic says."""
    channel, _, topic = str(headers.get(StreamHeaderKey.TOPIC)).partition(":")
    return channel == COLLAB_CHANNEL or (channel == CellChannel.AUX_COMMUNICATION and topic not in SENT_TOPICS)


def _is_number(timeout: Any) -> bool:
    """Return whether a timeout can be compared with zero, which NVFlare does before it sends."""
    try:
        return (timeout > 0) in (True, False)
    except (TypeError, ValueError):
        return False


def _sender_of(request: Any) -> str | None:
    """Return the claimed sender of a request; None if nobody claims it, or something that is no name."""
    headers = request.get(ReservedHeaderKey.HEADERS) if isinstance(request, Shareable) else None
    peer = headers.get(ReservedHeaderKey.PEER_PROPS) if isinstance(headers, dict) else None
    name = peer.get(ReservedKey.IDENTITY_NAME) if isinstance(peer, dict) else None
    return name if isinstance(name, str) else None
