# 100 MB are printed; the answer is right.

# %% [execute]
import contextlib


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        with contextlib.suppress(OSError):
            for _ in range(100):
                print("x" * 1_000_000, flush=True)
        return make_reply(ReturnCode.OK)
