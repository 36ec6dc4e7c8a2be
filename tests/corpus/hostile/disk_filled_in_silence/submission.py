# The own folder is filled to the brim by a site that logs nothing any more; it stays, and nothing is sent.

# %% [execute]
import contextlib
import logging


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        logging.disable()
        for name in "abc":
            with contextlib.suppress(OSError), open(name, "wb", buffering=0) as file:
                for _ in range(60):
                    file.write(b"x" * (1 << 20))
        return make_reply(ReturnCode.OK)
