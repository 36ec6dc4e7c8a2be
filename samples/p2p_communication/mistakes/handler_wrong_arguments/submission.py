# The handler takes one argument, but NVFlare calls it with topic, request and fl_ctx.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, request):
        sender = "somebody"
        self.logger.info(f"Received message from {sender}: {request}")
        return make_reply(ReturnCode.OK)
