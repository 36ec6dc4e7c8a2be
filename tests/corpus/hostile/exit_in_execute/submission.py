# os._exit(0) in execute, before anything is sent.

# %% [execute]
import os


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        os._exit(0)
