# Folders nested 3000 deep, one that nobody may open, and names that are no text, for whoever deletes them; the answer
# is right.

# %% [execute]
import contextlib
import os


def nest():
    home = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        for _ in range(3000):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.fchdir(home)
        os.close(home)


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(OSError):
            for name in (b"-rf", b"a\nb", b"\xff\xfe", b"<script>", "\u202eoops".encode(), b"x" * 255):
                os.mkdir(name)
            os.mkdir("locked/", 0o700)
            os.mkdir("locked/inside", 0o000)
            os.chmod("locked", 0o000)
            nest()
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
