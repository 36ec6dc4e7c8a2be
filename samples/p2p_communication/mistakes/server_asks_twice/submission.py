# The controller runs the given workflow, and then once more, so every client says everything twice.

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
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        super().control_flow(abort_signal, fl_ctx)
        self.start_controller(fl_ctx)
        super().control_flow(abort_signal, fl_ctx)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
