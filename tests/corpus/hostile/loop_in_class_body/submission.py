# An endless loop stands in the class's body; there is never a class.

# %% [execute]
class TalkingExecutor(Executor):
    while True:
        pass
