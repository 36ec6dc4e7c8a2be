# An endless loop in Python runs while the module is imported; nothing is answered.

# %% [execute]
def wait():
    while True:
        pass


READY = wait()


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        return make_reply(ReturnCode.OK if READY else ReturnCode.ERROR)
