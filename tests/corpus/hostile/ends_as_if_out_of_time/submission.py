# execute ends its process as the kernel ends one whose CPU time is used up, by the signal and by the status.

# %% [execute]
import os
import signal


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if fl_ctx.get_identity_name() == "site-1":
            os._exit(128 + signal.SIGXCPU)
        signal.raise_signal(signal.SIGXCPU)
