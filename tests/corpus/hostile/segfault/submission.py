# A read at address 0 by ctypes: the interpreter itself crashes.

# %% [execute]
import ctypes


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        ctypes.string_at(0)
