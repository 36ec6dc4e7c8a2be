# Memory of the kernel that no limit counts.

# %% [execute]
import ctypes


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        L = ctypes.CDLL(None, use_errno=True)
        buf = ctypes.create_string_buffer(b"\1" + b"\0" * 7 + b"x" * 8000)
        n = 0
        for q in range(12000):
            i = L.msgget(0, 0o1666)
            if i < 0:
                break
            for _ in range(2):
                n += 8000 * (L.msgsnd(i, buf, 8000, 0o4000) == 0)
        self.log_info(fl_ctx, f"QUEUED {n >> 20} MB")
        return make_reply(ReturnCode.OK)
