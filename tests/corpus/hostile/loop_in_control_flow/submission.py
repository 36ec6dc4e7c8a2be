# The controller's control_flow sleeps for ever and asks no client to talk; nothing is answered.

# %% [server_handler]
import time


class BroadcastingExecutor(P2PExecutor):
    """Says hello to the clients only, as in exercise 1."""


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        while True:
            time.sleep(1)
