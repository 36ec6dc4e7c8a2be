# The handler raises SystemExit, in whichever thread NVFlare calls it; nothing is answered.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        raise SystemExit(0)
