# os.abort: the process dies of SIGABRT, perhaps with a dump of its memory.

# %% [execute]
import os


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        os.abort()
