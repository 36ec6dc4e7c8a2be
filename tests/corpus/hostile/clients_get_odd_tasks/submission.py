# The server gives tasks with data nested deeply, with 20 MB, with odd names and without sense; it has no handler.

# %% [server_handler]
import sys
import time


class BroadcastingExecutor(P2PExecutor):
    pass


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        engine = fl_ctx.get_engine()
        sites = [client.name for client in engine.get_clients()]
        deep = {}
        for _ in range(300):
            deep = {"a": deep, "b": [deep]} if _ < 10 else {"a": deep}
        for name, data in (
            ("", {}),
            ("talk/../../x", {"deep": deep}),
            ("<b>" * 1000, {"blob": bytes(20 << 20)}),
            ("talk", {"__headers__": 5}),
        ):
            shareable = Shareable()
            for key, value in data.items():
                shareable[key] = value
            try:
                task = sys.modules["nvflare.apis.controller_spec"].Task(name=name or "x", data=shareable, timeout=2)
                self.broadcast_and_wait(task=task, min_responses=0, fl_ctx=fl_ctx, abort_signal=abort_signal)
            except Exception as error:
                self.log_info(fl_ctx, f"{error!r}")
        super().control_flow(abort_signal, fl_ctx)
