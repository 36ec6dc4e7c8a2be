# Importing the module sleeps for ever, without any use of the processor.

# %% [execute]
import time


class TalkingExecutor(Executor):
    time.sleep(10**8)
