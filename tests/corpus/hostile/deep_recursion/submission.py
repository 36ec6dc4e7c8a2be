# execute calls itself until Python gives up; nothing is sent.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        return self.execute(task_name, shareable, fl_ctx, abort_signal)
