# All ports of the loopback are tried, and whoever listens gets nonsense; nothing is sent.

# %% [execute]
import contextlib
import socket


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for port in range(1024, 65536):
            with contextlib.suppress(OSError), socket.socket() as sock:
                sock.settimeout(0.2)
                if sock.connect_ex(("127.0.0.1", port)) == 0:
                    sock.sendall(b"GET / HTTP/1.0\r\n\r\n" + bytes(range(256)) * 16)
        return make_reply(ReturnCode.OK)
