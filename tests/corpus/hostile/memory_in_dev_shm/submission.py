# 2 GiB are written to /dev/shm, which is memory as well; nothing is sent.

# %% [execute]
import contextlib
import time
from pathlib import Path


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(OSError, MemoryError):
            for number in range(64):
                Path(f"/dev/shm/hoard-{number}").write_bytes(b"x" * (32 << 20))
            time.sleep(5)
        return make_reply(ReturnCode.OK)
