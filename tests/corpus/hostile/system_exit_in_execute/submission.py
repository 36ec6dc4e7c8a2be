# execute raises SystemExit(0), before anything is sent.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        raise SystemExit(0)
