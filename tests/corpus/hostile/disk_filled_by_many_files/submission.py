# 20000 files in many folders, each far below any limit of a file; they stay, and nothing is sent.

# %% [execute]
import contextlib
from pathlib import Path


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(OSError):
            for number in range(20_000):
                folder = Path("hoard", str(number // 100))
                folder.mkdir(parents=True, exist_ok=True)
                (folder / str(number)).write_bytes(b"x" * (32 << 10))
        for _ in range(20):  # more than fits into what the log has of its last page
            self.log_info(fl_ctx, "x" * 1000)
        return make_reply(ReturnCode.OK)
