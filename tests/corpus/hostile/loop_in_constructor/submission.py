# The constructor never returns, so the site never becomes ready.

# %% [execute]
class TalkingExecutor(Executor):
    def __init__(self):
        super().__init__()
        while True:
            pass

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        return make_reply(ReturnCode.OK)
