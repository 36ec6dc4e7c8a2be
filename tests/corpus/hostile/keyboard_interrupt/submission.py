# execute raises KeyboardInterrupt, as if the instructor had pressed Ctrl-C.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        raise KeyboardInterrupt
