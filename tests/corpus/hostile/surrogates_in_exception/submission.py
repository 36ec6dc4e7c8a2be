# An exception whose text is no text (lone surrogates), which no file in UTF-8 takes; nothing is sent.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        raise ValueError("\ud800\udfff \udc80 not a text")
