# Constants, imports and helper functions live in cells of their own, before and between.

# %% before execute
import re
from collections.abc import Iterable

TOPIC = "hello"
TASK = "talk"
SITES = tuple(f"site-{number}" for number in range(3))
TIMEOUT = 2 * 4.0


# %% before execute
def greeting(name: str) -> Shareable:
    assert re.fullmatch(r"site-\d", name)
    return DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {name}"}).to_shareable()


def everyone_but(name: str, sites: Iterable[str] = SITES) -> list[str]:
    return [site for site in sites if site != name]


# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != TASK:
            return make_reply(ReturnCode.TASK_UNKNOWN)
        greet(everyone_but(fl_ctx.get_identity_name()), fl_ctx)
        return make_reply(ReturnCode.OK)


# %% after execute
def greet(targets: list[str], fl_ctx: FLContext) -> None:
    request = greeting(fl_ctx.get_identity_name())
    fl_ctx.get_engine().send_aux_request(targets, TOPIC, request, TIMEOUT, fl_ctx)


# %% before handle_event
LINE = "Received message from {sender}: {message}"


def read(request: Shareable) -> dict[str, str]:
    sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, "")
    return {"sender": sender, "message": from_shareable(request).data["message"]}


# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(TOPIC, self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        self.log_info(fl_ctx, LINE.format(**read(request)))
        return make_reply(ReturnCode.OK)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != TASK:
            return make_reply(ReturnCode.TASK_UNKNOWN)
        greet([*everyone_but(fl_ctx.get_identity_name()), "server"], fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx: FLContext) -> None:
        super().start_controller(fl_ctx)
        fl_ctx.get_engine().register_aux_message_handler(TOPIC, self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        self.log_info(fl_ctx, LINE.format(**read(request)))
        return make_reply(ReturnCode.OK)
