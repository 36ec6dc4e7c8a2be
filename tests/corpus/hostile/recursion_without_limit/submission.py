# The limit of recursion is lifted, so that the recursion ends with the memory; nothing is sent.

# %% [execute]
import sys


def deeper(*everything):
    return deeper(everything, everything)


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        sys.setrecursionlimit(2**31 - 1)
        return deeper()
