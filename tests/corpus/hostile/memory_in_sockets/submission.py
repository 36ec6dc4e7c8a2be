# What waits in thousands of sockets is memory of the kernel's: it is counted with the run's.

# %% [execute]
import os
import socket
import time


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        n = k = 0
        for child in range(4):
            if os.fork() == 0:
                break
        hoard = []
        try:
            while len(hoard) < 450:
                pair = socket.socketpair()
                hoard.append(pair)
                for s in pair:
                    s.setblocking(False)
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 10**8)
                    try:
                        while True:
                            n += s.send(bytes(100000))
                    except BlockingIOError:
                        pass
        except Exception as e:
            self.log_info(fl_ctx, f"{e!r}")
        self.log_info(fl_ctx, f"MB {n >> 20} in {len(hoard)}")
        time.sleep(2)
        return make_reply(ReturnCode.OK)
