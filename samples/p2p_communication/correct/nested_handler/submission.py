# The handler is a function inside handle_event, and inside start_controller.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:

            def on_hello(topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
                sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, "nobody")
                message = from_shareable(request).data["message"]
                self.log_info(fl_ctx, f"Received message from {sender}: {message}")
                return make_reply(ReturnCode.OK)

            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=on_hello)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})

        def send(targets: list[str] | str | None) -> None:
            engine = fl_ctx.get_engine()
            engine.send_aux_request(
                targets=targets, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
            )

        send("@ALL")
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx: FLContext) -> None:
        super().start_controller(fl_ctx)

        def on_hello(topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
            sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, "nobody")
            message = from_shareable(request).data["message"]
            self.log_info(fl_ctx, f"Received message from {sender}: {message}")
            return make_reply(ReturnCode.OK)

        fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=on_hello)
