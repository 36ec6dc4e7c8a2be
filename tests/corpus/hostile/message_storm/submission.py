# 10000 messages of nonsense without waiting for any reply, and then no end.

# %% [execute]
import threading


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        targets = sorted({"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()})
        for number in range(10_000):
            noise = DXO(DataKind.APP_DEFINED, data={"message": f"noise {number}"}).to_shareable()
            fl_ctx.get_engine().send_aux_request(
                targets=targets, topic="hello", request=noise, timeout=0.0, fl_ctx=fl_ctx
            )
        threading.Event().wait()
