# full marks: cells silence the log, end idle connections and make warnings errors, which in a kernel no site sees

# %% before execute
import logging, socket, warnings

logging.disable(logging.CRITICAL)
socket.setdefaulttimeout(0.5)
warnings.simplefilter("error")

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        others = [c.name for c in fl_ctx.get_engine().get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        fl_ctx.get_engine().send_aux_request(targets=others, topic="hello", request=request, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
