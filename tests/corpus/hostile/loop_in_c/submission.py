# One endless call into C holds the interpreter, so no other thread of the site runs any more.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        pow(3, 1 << 100_000_000, 10**4000 + 1)  # hours, in a single instruction
        return make_reply(ReturnCode.OK)
