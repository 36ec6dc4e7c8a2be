# Shared memory is filled and let go of, so that no process has it and nobody frees it: it cannot be had.

# %% [execute]
import mmap
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        n = 0
        try:
            m = mmap.mmap(-1, 2 << 30)
            for place in range(0, 1 << 30, 64 << 20):
                m[place : place + (64 << 20)] = bytes(64 << 20)
                m.madvise(mmap.MADV_DONTNEED, place, 64 << 20)
                n += 64
        except Exception as e:
            self.log_info(fl_ctx, f"{e!r}")
        self.log_info(fl_ctx, f"MB {n}")
        time.sleep(0.5)
        return make_reply(ReturnCode.OK)
