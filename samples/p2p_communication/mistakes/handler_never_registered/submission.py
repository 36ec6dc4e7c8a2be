# The handler is there, but nothing tells the engine about it.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:
            self.log_info(fl_ctx, "ready to receive")

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
