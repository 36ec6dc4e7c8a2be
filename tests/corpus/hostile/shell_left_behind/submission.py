# A shell with nohup and setsid starts an endless loop in the background; the answer is right.

# %% [execute]
import subprocess


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        subprocess.run("(setsid nohup sh -c 'while :; do sleep 1; done' >/dev/null 2>&1 &)", shell=True)
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
