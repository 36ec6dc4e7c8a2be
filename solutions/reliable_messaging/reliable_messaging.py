"""Model answers of the assignment ``reliable_messaging``, one part for each solution cell of the notebook.

Each part stands by itself: it works with any right answer to the exercises before it.
The part ``notebook`` repeats what the notebook gives, so that this file can be read, checked and imported by itself.
Teachers may show the other parts once the assignment is closed. Nothing of this is ever shipped to students.
"""

# %% [notebook]
import threading
import time

from nvflare.apis.controller_spec import Task
from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReservedKey, ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal


class NewsController(Controller):
    """Asks every client, once, to do a task: "announce" or "roll_call"."""

    def __init__(self, task: str = "announce") -> None:
        super().__init__()
        self.task = task

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Called once, when the workflow is about to begin: nothing to prepare."""

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Send the task with its data, and wait for the results."""
        if self.task == "announce":
            data = {"id": "n-1", "text": "The moon is full", "deadline": 6.0}
        else:
            data = {"deadline": 3.0}
        task = Task(
            name=self.task,
            data=DXO(data_kind=DataKind.APP_DEFINED, data=data).to_shareable(),
            timeout=30,  # beyond every deadline
        )
        self.broadcast_and_wait(task, fl_ctx, min_responses=0, abort_signal=abort_signal)

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Called once, when the workflow is over: nothing to clean up."""


# %% [deliver]
class ReliableExecutor(Executor):
    """Brings a news item to every other client, over a network that may lose it."""

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Do the task ``announce``: send, read the replies, and send again to those that have not said OK."""
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        name, deadline = data["id"], data["deadline"]
        item = DXO(data_kind=DataKind.APP_DEFINED, data={"id": name, "text": data["text"]})

        # monotonic, since the clock on the wall can be set while this runs.
        end = time.monotonic() + deadline
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        missing = {client.name for client in engine.get_clients()} - {own_name}
        delivered = set()
        pause = deadline / 64  # the first of five, each twice the one before: together half of the deadline
        for attempt in range(6):
            replies = engine.send_aux_request(
                targets=sorted(missing),
                topic="news",
                request=item.to_shareable(),
                timeout=deadline / 16,  # six of these and the pauses fit into the deadline
                fl_ctx=fl_ctx,
            )
            # Only an OK says that it was taken. Everything else, a timeout above all, leaves it open.
            delivered |= {to for to, reply in replies.items() if reply.get_return_code() == ReturnCode.OK}
            missing -= delivered
            if not missing or attempt == 5 or time.monotonic() + pause >= end:
                break
            time.sleep(pause)
            pause *= 2

        gave_up = ", ".join(sorted(missing)) or "nobody"
        self.log_info(fl_ctx, f"Delivered {name} to {', '.join(sorted(delivered)) or 'nobody'}; gave up on {gave_up}")
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if missing else ReturnCode.OK)


# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    """Takes the news of the others, and each item once, however often it comes."""

    def __init__(self) -> None:
        super().__init__()
        self._taken: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register the handler at the start of the run."""
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="news", message_handle_func=self.handle_news)

    def handle_news(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        """Log an item that has not come before, and acknowledge it in any case.

        The sender of a second one has not got the first OK, so it needs another one.
        """
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        key = (sender, data["id"])  # two senders may call their items by the same name
        with self._lock:  # nobody comes between the look and what is done about it
            is_new = key not in self._taken
            self._taken.add(key)
        if is_new:
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        return make_reply(ReturnCode.OK)


# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    """Finds out which clients are alive, and answers when it is asked itself."""

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register for pings as well."""
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="ping", message_handle_func=self.handle_ping)

    def handle_ping(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        """Say that this site is alive."""
        return make_reply(ReturnCode.OK)

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Do the task ``roll_call``: ask all at the same time, and wait for longer than the slowest may take."""
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        deadline = from_shareable(shareable).data["deadline"]
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        replies = engine.send_aux_request(
            # One call for all: the waits for several dead peers run side by side, and do not add up.
            targets=[client.name for client in engine.get_clients() if client.name != own_name],
            topic="ping",
            request=Shareable(),
            timeout=deadline * 0.6,  # a slow peer takes a third; what is left is for the rest of the work
            fl_ctx=fl_ctx,
        )
        answered = [name for name, reply in replies.items() if reply.get_return_code() == ReturnCode.OK]
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted([own_name, *answered]))}")
        return make_reply(ReturnCode.OK)
