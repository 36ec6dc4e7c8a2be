# A dataclass for the greeting, and one mixin that makes clients and server listen alike.

# %% before execute
from dataclasses import dataclass


@dataclass(frozen=True)
class Greeting:
    sender: str

    @property
    def text(self) -> str:
        return f"Hello from {self.sender}"

    def to_shareable(self) -> Shareable:
        return DXO(data_kind=DataKind.APP_DEFINED, data={"message": self.text}).to_shareable()


# %% [execute]
class TalkingExecutor(Executor):
    topic = "hello"

    def targets(self, me: str) -> list[str]:
        return [name for name in ("site-0", "site-1", "site-2") if name != me]

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        fl_ctx.get_engine().send_aux_request(
            targets=self.targets(me), topic=self.topic, request=Greeting(me).to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )
        return make_reply(ReturnCode.OK)


# %% before handle_event
class ListensToHello:
    """For components: hear hello, from the start of the run on."""

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)


# %% [handle_event]
class P2PExecutor(ListensToHello, TalkingExecutor):
    pass


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def targets(self, me: str) -> list[str]:
        return ["server", *super().targets(me)]


class P2PController(ListensToHello, SimpleController):
    pass
