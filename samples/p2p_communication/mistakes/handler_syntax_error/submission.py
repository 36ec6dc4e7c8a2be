# A bracket is not closed in exercise 2.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello
