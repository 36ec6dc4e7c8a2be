# The server answers with a return code of a megabyte of HTML; hints quote the beginning only.

# %% [server_handler]
import sys
import time


class BroadcastingExecutor(P2PExecutor):
    pass


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        engine = fl_ctx.get_engine()
        sites = [client.name for client in engine.get_clients()]
        engine.register_aux_message_handler(
            topic="hello", message_handle_func=lambda topic, request, fl_ctx: make_reply("OK<b>" * 200000)
        )
        super().control_flow(abort_signal, fl_ctx)
