# A list grows until there is no more memory, and is kept; nothing is sent.

# %% [execute]
class TalkingExecutor(Executor):
    hoard = []

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        try:
            while True:
                self.hoard.append(b"x" * (1 << 20) + b"%d" % len(self.hoard))
        except MemoryError:
            return make_reply(ReturnCode.OK)
