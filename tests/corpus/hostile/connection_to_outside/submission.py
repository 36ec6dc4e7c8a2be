# Connections to the internet by TCP and UDP; the answer is right.

# %% [execute]
import contextlib
import socket


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for kind, port in ((socket.SOCK_STREAM, 443), (socket.SOCK_STREAM, 80), (socket.SOCK_DGRAM, 53)):
            with contextlib.suppress(OSError), socket.socket(socket.AF_INET, kind) as sock:
                sock.settimeout(0.5)
                sock.connect(("1.1.1.1", port))
                sock.send(b"was here")
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
