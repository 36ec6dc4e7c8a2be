# The client's handler is a functools.partial, the server's a lambda.

# %% [handle_event]
import functools


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:
            handler = functools.partial(self.on_message, ReturnCode.OK)
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=handler)

    def on_message(self, return_code: str, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Received message from {sender}: {from_shareable(request).data['message']}")
        return make_reply(return_code)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets="@ALL", topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx: FLContext) -> None:
        super().start_controller(fl_ctx)
        fl_ctx.get_engine().register_aux_message_handler(
            topic="hello", message_handle_func=lambda topic, request, fl_ctx: self.write_down(request, fl_ctx)
        )

    def write_down(self, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Received message from {sender}: {from_shareable(request).data['message']}")
        return make_reply(ReturnCode.OK)
