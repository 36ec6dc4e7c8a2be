# execute ends its process right after a program that it has waited for: nothing is left behind.

# %% [execute]
import os
import subprocess


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        subprocess.run(["sleep", "0.5"])
        os._exit(0)
