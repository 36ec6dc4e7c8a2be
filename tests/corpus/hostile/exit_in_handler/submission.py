# os._exit(0) in the handler, before it logs or answers anything.

# %% [handle_event]
import os


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        os._exit(0)
