# A fork bomb of up to 4096 processes; the answer never comes.

# %% [execute]
import contextlib
import os
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for _ in range(12):  # each time all of them
            with contextlib.suppress(OSError):
                os.fork()
        time.sleep(3600)
