# The handler logs the first thirty characters of the text.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message[:30]}")
        return make_reply(ReturnCode.OK)
