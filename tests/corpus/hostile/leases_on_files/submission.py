# Leases on files and watches on folders, which hold up whoever opens them: each is refused, and the answer is right.

# %% [execute]
import contextlib
import fcntl
import os
import tempfile


def got_one(path, command, argument):
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        fcntl.fcntl(descriptor, command, argument)
        return True
    return False


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        descriptor, own = tempfile.mkstemp()
        os.close(descriptor)
        leases = [got_one(path, fcntl.F_SETLEASE, fcntl.F_RDLCK) for path in (own, os.__file__)]
        watches = [got_one(path, fcntl.F_NOTIFY, fcntl.DN_CREATE) for path in (os.getcwd(), os.path.dirname(own))]
        if any(leases + watches):
            return make_reply(ReturnCode.EXECUTION_EXCEPTION)
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
