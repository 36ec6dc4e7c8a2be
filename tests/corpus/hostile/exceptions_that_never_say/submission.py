# An exception whose text is a loop without an end, for whoever logs it; nothing is sent.

# %% [execute]


class Odd(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        raise Odd()
        return make_reply(ReturnCode.OK)
