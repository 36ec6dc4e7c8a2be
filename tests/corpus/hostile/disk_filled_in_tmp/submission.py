# /tmp is filled to the brim and left so; the answer is right.

# %% [execute]
import contextlib


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for name in "abc":
            with contextlib.suppress(OSError), open(f"/tmp/{name}", "wb", buffering=0) as file:
                for _ in range(60):
                    file.write(b"x" * (1 << 20))
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
