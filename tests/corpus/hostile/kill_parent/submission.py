# SIGKILL for the process that has started this one; nothing is sent.

# %% [execute]
import contextlib
import os
import signal


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(OSError):
            os.kill(os.getppid(), signal.SIGKILL)
        return make_reply(ReturnCode.OK)
