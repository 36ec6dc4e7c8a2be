# One file in the own folder grows until the disk is full; it stays, and nothing is sent.

# %% [execute]
import contextlib


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(OSError), open("hoard", "wb") as file:
            for _ in range(4096):
                file.write(b"x" * (1 << 20))
        for _ in range(20):  # more than fits into what the log has of its last page
            self.log_info(fl_ctx, "x" * 1000)
        return make_reply(ReturnCode.OK)
