# 2 GiB of shared anonymous memory, which no limit on a process's data counts; nothing is sent.

# %% [execute]
import contextlib
import mmap
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        hoard = []
        with contextlib.suppress(OSError, MemoryError):
            for _ in range(16):
                hoard.append(mmap.mmap(-1, 128 << 20))
                hoard[-1][::4096] = bytes([1]) * (128 << 8)
        time.sleep(5)
        return make_reply(ReturnCode.OK)
