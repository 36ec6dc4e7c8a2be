# handle_event is there and empty.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        pass
