# SIGTERM, SIGINT and SIGHUP are ignored, so that nobody ends the process politely; the answer is right.

# %% [execute]
import signal


def ignore():
    return [signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]


class TalkingExecutor(Executor):
    ignored = ignore()

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
