# Terabytes are mapped and only looked at: the tables that lead to them are memory too, and are counted.

# %% [execute]
import mmap
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        n = 0
        maps = []
        try:
            for _ in range(4):
                maps.append(
                    mmap.mmap(-1, 1 << 40, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
                )
                for place in range(0, 300 << 30, 2 << 20):
                    maps[-1][place]
                    n += 1
        except Exception as e:
            self.log_info(fl_ctx, f"{e!r}")
        self.log_info(fl_ctx, f"touched {n}")
        time.sleep(0.5)
        return make_reply(ReturnCode.OK)
