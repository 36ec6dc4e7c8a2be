# As many threads as there may be, and they stay; nothing is sent.

# %% [execute]
import contextlib
import threading


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(RuntimeError, MemoryError):
            for _ in range(5000):
                threading.Thread(target=threading.Event().wait, daemon=True).start()
        return make_reply(ReturnCode.OK)
