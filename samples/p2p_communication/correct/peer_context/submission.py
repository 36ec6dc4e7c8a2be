# The sender's name comes from the peer context, and the line is written with self.logger.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self._on_hello)

    def _on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = fl_ctx.get_peer_context().get_identity_name()
        message = from_shareable(request).data["message"]
        self.logger.info(f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        everyone_else = [f"site-{i}" for i in range(3) if f"site-{i}" != fl_ctx.get_identity_name()] + ["server"]
        fl_ctx.get_engine().send_aux_request(
            targets=everyone_else, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx: FLContext) -> None:
        super().start_controller(fl_ctx)
        fl_ctx.get_engine().register_aux_message_handler("hello", self._on_hello)

    def _on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = fl_ctx.get_peer_context().get_identity_name()
        self.logger.info("Received message from %s: %s", sender, from_shareable(request).data["message"])
        return make_reply(ReturnCode.OK)
