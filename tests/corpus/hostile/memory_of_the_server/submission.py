# Streams that never end, for the server to keep.

# %% [execute]
import sys
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        M = sys.modules["nvflare.fuel.f3.message"].Message
        c = sys.modules["nvflare.fuel.f3.streaming.stream_const"]
        K = c.StreamHeaderKey
        cell = fl_ctx.get_engine().get_cell().core_cell
        blob = b"x" * (1 << 20)
        t = time.time()
        for i in range(1200):  # times two sites: 2.4 GB
            m = M(
                {
                    K.STREAM_ID: 10**6 + i,
                    K.DATA_TYPE: 1,
                    K.SEQUENCE: 1,
                    K.OFFSET: 0,
                    K.SIZE: 1 << 30,
                    K.CHANNEL: "aux_communication",
                    K.TOPIC: "hello",
                },
                blob,
            )
            cell.fire_and_forget(c.STREAM_CHANNEL, c.STREAM_DATA_TOPIC, "server", m)
        self.log_info(fl_ctx, f"sent in {time.time() - t:.1f}")
        return make_reply(ReturnCode.OK)
