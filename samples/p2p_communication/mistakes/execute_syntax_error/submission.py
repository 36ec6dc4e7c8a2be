# A colon is missing in exercise 1.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal)
        return make_reply(ReturnCode.OK)
