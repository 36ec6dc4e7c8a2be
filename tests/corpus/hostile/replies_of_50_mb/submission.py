# The server's handler answers each hello with 50 MB, too much to be looked at, and logs nothing.

# %% [server_handler]
import sys
import time


class BroadcastingExecutor(P2PExecutor):
    pass


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        engine = fl_ctx.get_engine()
        sites = [client.name for client in engine.get_clients()]

        def reply(topic, request, fl_ctx):
            answer = make_reply(ReturnCode.OK)
            answer["x"] = bytes(50 << 20)
            return answer

        engine.register_aux_message_handler(topic="hello", message_handle_func=reply)
        super().control_flow(abort_signal, fl_ctx)
