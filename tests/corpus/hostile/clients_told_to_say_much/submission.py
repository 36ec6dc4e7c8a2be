# The server tells the course's clients to say two thousand things at once, and what is nothing to say.

# %% [server_handler]
import sys
import time


class BroadcastingExecutor(P2PExecutor):
    pass


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        engine = fl_ctx.get_engine()
        sites = [client.name for client in engine.get_clients()]
        request = Shareable()
        request["lines"] = [{"receiver": "server", "topic": "hello", "message": str(n)} for n in range(2000)]
        engine.send_aux_request(targets=sites, topic="_course.say", request=request, timeout=3.0, fl_ctx=fl_ctx)
        for lines in (5, None, "x", [5], [{}], [{"receiver": 5, "topic": [], "message": {}}], {"a": 1}):
            request["lines"] = lines
            engine.send_aux_request(targets=sites, topic="_course.say", request=request, timeout=0.5, fl_ctx=fl_ctx)
        super().control_flow(abort_signal, fl_ctx)
