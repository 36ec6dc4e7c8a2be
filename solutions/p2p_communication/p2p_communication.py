"""Model answers of the assignment ``p2p_communication``, one part for each solution cell of the notebook.

Each part stands by itself: it works with any right answer to the exercises before it.
The part ``notebook`` repeats what the notebook gives, so that this file can be read, checked and imported by itself.
Teachers may show the other parts once the assignment is closed. Nothing of this is ever shipped to students.
"""

# %% [notebook]
from nvflare.apis.controller_spec import Task
from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReservedKey, ReturnCode, SiteType
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal


class SimpleController(Controller):
    """Asks every client, once, to do the task ``talk``."""

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Called once, when the workflow is about to begin: prepare what it needs."""
        self.talk = Task(name="talk", data=Shareable(), timeout=15)

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """The workflow itself. When this returns, the workflow is over."""
        self.broadcast_and_wait(
            task=self.talk,
            targets=None,  # for a task, None does mean every client
            min_responses=0,  # wait for all of them, but not beyond the task's timeout
            fl_ctx=fl_ctx,
            abort_signal=abort_signal,
        )

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Called once, when the workflow is over: nothing to clean up."""


# %% [execute]
class TalkingExecutor(Executor):
    """Says hello to every other client."""

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Do the task ``talk``: one hello to each other client, none to this one and none to the server."""
        if task_name != "talk":
            # An honest answer to a task that this executor does not know: the server can then react to it.
            return make_reply(ReturnCode.TASK_UNKNOWN)

        # The same class runs at every site, so both the own name and the peers' names are asked for at run time.
        # The engine knows the clients of the job, which keeps the class right when there are four of them.
        engine = fl_ctx.get_engine()
        own_name = fl_ctx.get_identity_name()
        others = [client.name for client in engine.get_clients() if client.name != own_name]

        # One call for all targets: they are asked at the same time, so the slowest one sets the pace and not the sum.
        greeting = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {own_name}"})
        replies = engine.send_aux_request(
            targets=others,
            topic="hello",
            request=greeting.to_shareable(),
            timeout=5.0,  # long enough for a busy machine, and well below the 15 seconds that the task may take
            fl_ctx=fl_ctx,
        )

        # Nothing is raised when a message is not taken. Whoever does not read the return codes never learns of it.
        for name, reply in replies.items():
            if reply.get_return_code() != ReturnCode.OK:
                self.log_warning(fl_ctx, f"{name} did not take the hello: {reply.get_return_code()}")

        # This is the answer to the server's task, not to the peers: it is done even if a peer did not answer.
        return make_reply(ReturnCode.OK)


# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    """Says hello to every other client, and takes the hellos of the others."""

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register the handler at the start of the run.

        ``START_RUN`` comes exactly once in a run, when the engine is there and before this client asks for its first
        task. Earlier there is no engine, later messages may already have been missed, and a second registration of
        the same topic raises an exception.
        """
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.handle_hello)

    def handle_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        """Log who sent what, and acknowledge it.

        NVFlare calls this in a thread of its own, perhaps in several at once and while ``execute`` is busy. So it is
        short, keeps no state, and does not wait for anything.
        """
        # fl_ctx is the receiver's: its identity is this site. The sender's properties travel with the request.
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        # The sender waits for this reply. Without one it would see an error, although the message was taken.
        return make_reply(ReturnCode.OK)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    """Says hello to every other client and to the server."""

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Do the task ``talk``: one hello to each other party, the server included.

        It is written out in full, so that this part does not rest on how exercise 1 was solved. In a project of one's
        own, a method that sends to given targets would be shared by the two classes.
        """
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)

        greeting = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        replies = fl_ctx.get_engine().send_aux_request(
            # The server and all clients but this one. A list of names that holds "server" would do as well; None would
            # not, since for an aux message it means the server alone.
            targets=SiteType.ALL,
            topic="hello",
            request=greeting.to_shareable(),
            timeout=5.0,
            fl_ctx=fl_ctx,
        )
        for name, reply in replies.items():
            if reply.get_return_code() != ReturnCode.OK:
                self.log_warning(fl_ctx, f"{name} did not take the hello: {reply.get_return_code()}")
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    """Runs the same workflow, and takes the hellos that are sent to the server."""

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register the handler at the start of the run, which on the server comes before any client gets a task.

        ``start_controller`` would do as well, but it has to call ``super().start_controller(fl_ctx)``: otherwise the
        task is never made and ``control_flow`` fails. Events have no such trap, since nobody else handles this one.
        """
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.handle_hello)

    def handle_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        """Log who sent what, and acknowledge it: what a client does, with the server's own logger."""
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
