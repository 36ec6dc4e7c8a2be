# Every file descriptor that there may be is taken, and given back; the answer is right.

# %% [execute]
import contextlib
import os


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        taken = []
        with contextlib.suppress(OSError):
            while len(taken) < 100_000:
                taken += os.pipe()
        for descriptor in taken:
            os.close(descriptor)
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
