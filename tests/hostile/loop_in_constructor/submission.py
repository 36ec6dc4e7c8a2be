# The constructor never returns, so the site never becomes ready.

# %% [execute]
class TalkingExecutor(Executor):
    def __init__(self):
        super().__init__()
        while True:
            pass
