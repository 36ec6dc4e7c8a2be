# Clients write into their journals that they have called a stand-in, of which there is none: nothing is credited.

# %% [server_handler]
import sys


class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        told = sys.modules["autograder.simulator.parties.context"].this_party().journal
        told.write("stood in", method="TalkingExecutor.execute", detail="talk")
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=["server"], topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    pass
