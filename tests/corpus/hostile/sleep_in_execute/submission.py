# execute sleeps for ever, whatever the task's timeout is; nothing is sent.

# %% [execute]
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        while True:
            time.sleep(60)
