# SIGSTOP: the process is alive, does nothing, and takes no SIGTERM; nothing is sent.

# %% [execute]
import os
import signal


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        os.kill(os.getpid(), signal.SIGSTOP)
        return make_reply(ReturnCode.OK)
