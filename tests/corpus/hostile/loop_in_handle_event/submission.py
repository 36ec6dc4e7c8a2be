# handle_event loops for ever at the start of the run; nothing is registered.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        while event_type == EventType.START_RUN:
            pass
