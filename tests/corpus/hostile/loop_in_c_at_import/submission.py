# An endless iterator is summed up in C while the module is imported; nothing is answered.

# %% [execute]
class TalkingExecutor(Executor):
    total = sum(iter(int, 1))
