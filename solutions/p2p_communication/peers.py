"""The reference peers among which a student's part plays when it is graded.

They are not the model answer but measuring instruments: they send what they are told to whom they are told, and answer
every hello. What they see is not written down here: the witness on the server's root cell sees the same.
"""

from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_component import FLComponent
from nvflare.apis.fl_constant import ReservedKey, ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller, Task
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal

from autograder.simulator.pace import pace

TOPIC = "hello"
REPLY_TIMEOUT = 5.0
"""Seconds for which a peer waits for a student's reply, on an idle machine."""
TASK_TIMEOUT = 15
"""Seconds after which the server no longer waits for a site's ``execute``, on an idle machine."""


def _log_and_acknowledge(component: FLComponent, request: Shareable, fl_ctx: FLContext) -> Shareable:
    sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
    try:
        message = from_shareable(request).data["message"]
    except Exception as error:  # a student's message may be anything; that is the rubric's matter, not a peer's
        message = f"(unreadable: {error})"
    component.log_info(fl_ctx, f"Received message from {sender}: {message}")
    return make_reply(ReturnCode.OK)


def _send(words: str, targets: list[str], fl_ctx: FLContext) -> None:
    request = DXO(data_kind=DataKind.APP_DEFINED, data={"message": words}).to_shareable()
    fl_ctx.get_engine().send_aux_request(
        targets=targets, topic=TOPIC, request=request, timeout=pace.allow(REPLY_TIMEOUT), fl_ctx=fl_ctx
    )


class ReferencePeer(Executor):
    """On any task sends ``text`` to each of ``targets``; acknowledges every hello."""

    def __init__(self, targets: list[str], text: str = "") -> None:
        super().__init__()
        self._targets = targets
        self._text = text

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Send what this peer was told to send."""
        if self._targets:
            _send(self._text, self._targets, fl_ctx)
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register the handler."""
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic=TOPIC, message_handle_func=self._handle)

    def _handle(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        return _log_and_acknowledge(self, request, fl_ctx)


class ReferenceController(Controller):
    """Asks the ``talkers`` to talk, and acknowledges every hello that reaches the server.

    Args:
        greetings: the texts of hellos that the server itself sends, by the site that gets them.
        listens: whether it acknowledges hellos; of several in one run only one can.
    """

    def __init__(self, talkers: list[str], greetings: dict[str, list[str]] | None = None, listens: bool = True) -> None:
        super().__init__()
        self._talkers = talkers
        self._greetings = greetings or {}
        self._listens = listens

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Register the server's handler."""
        if self._listens:
            fl_ctx.get_engine().register_aux_message_handler(topic=TOPIC, message_handle_func=self._handle)

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Greet, then send the task and wait for the results."""
        for site, texts in self._greetings.items():
            for text in texts:
                _send(text, [site], fl_ctx)
        self.broadcast_and_wait(
            task=Task(name="talk", data=Shareable(), timeout=int(pace.allow(TASK_TIMEOUT))),
            targets=self._talkers,
            min_responses=0,
            fl_ctx=fl_ctx,
            abort_signal=abort_signal,
        )

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Nothing to clean up."""

    def _handle(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        return _log_and_acknowledge(self, request, fl_ctx)
